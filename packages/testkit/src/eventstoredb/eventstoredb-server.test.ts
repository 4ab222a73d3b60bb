/** The test server as the official client sees it: what the ledger's engine relies on, and the calls that it does not make. */
import {
  BACKWARDS,
  END,
  ErrorType,
  eventTypeFilter,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  START,
  STREAM_EXISTS,
} from "@eventstore/db-client";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startEventStoreServer, type EventStoreServer } from "./eventstoredb-server.ts";

describe.each([
  ["one append a call", false],
  ["batched appends", true],
])("the test server, %s", (_, batchAppend) => {
  let server: EventStoreServer;
  let client: EventStoreDBClient;
  beforeEach(async () => {
    server = await startEventStoreServer({ batchAppend });
    client = EventStoreDBClient.connectionString(server.connectionString);
  });
  afterEach(async () => {
    await client.dispose();
    await server[Symbol.asyncDispose]();
  });

  const event = (number: number) => jsonEvent({ type: `type-${number}`, data: { number } });
  const [a, b, c] = [event(1), event(2), event(3)];
  const ofType = (type: ErrorType) => expect.objectContaining({ type }) as Error;

  async function idsOf(events: AsyncIterable<{ readonly event?: { readonly id: string } }>) {
    const ids: (string | undefined)[] = [];
    for await (const { event: found } of events) ids.push(found?.id);
    return ids;
  }

  test("an append expects a revision, and the refusal names the one that is there", async () => {
    const first = await client.appendToStream("s", [a, b], { expectedRevision: NO_STREAM });
    expect(first).toMatchObject({ success: true, nextExpectedRevision: 1n });
    await expect(client.appendToStream("s", c, { expectedRevision: NO_STREAM })).rejects.toMatchObject({
      type: ErrorType.WRONG_EXPECTED_VERSION,
      actualVersion: 1n,
    });
    await expect(client.appendToStream("none", c, { expectedRevision: 4n })).rejects.toThrow(
      ofType(ErrorType.WRONG_EXPECTED_VERSION),
    );
    await client.appendToStream("s", c, { expectedRevision: 1n });
    expect(await idsOf(client.readStream("s"))).toEqual([a.id, b.id, c.id]);
  });

  test("an append that is told again is one, whatever came after it, and one that is told half is refused", async () => {
    await client.appendToStream("s", [a, b], { expectedRevision: NO_STREAM });
    await client.appendToStream("s", c, { expectedRevision: 1n });
    const again = await client.appendToStream("s", [a, b], { expectedRevision: NO_STREAM });
    expect(again).toMatchObject({ success: true, nextExpectedRevision: 1n });
    await expect(client.appendToStream("s", [a, c], { expectedRevision: NO_STREAM })).rejects.toThrow(
      ofType(ErrorType.WRONG_EXPECTED_VERSION),
    );
    await client.appendToStream("s", [a, b]);
    expect(await idsOf(client.readStream("s"))).toHaveLength(3);
  });

  test("an event id is known in its stream only, and not where its append would go on", async () => {
    await client.appendToStream("s", a, { expectedRevision: NO_STREAM });
    await client.appendToStream("other", a, { expectedRevision: NO_STREAM });
    await client.appendToStream("s", a, { expectedRevision: 0n });
    expect(await idsOf(client.readStream("s"))).toEqual([a.id, a.id]);
    expect(await idsOf(client.readStream("other"))).toEqual([a.id]);
  });

  test("a stream is read from either end", async () => {
    await client.appendToStream("s", [a, b, c]);
    expect(await idsOf(client.readStream("s", { fromRevision: 1n }))).toEqual([b.id, c.id]);
    expect(await idsOf(client.readStream("s", { direction: BACKWARDS, fromRevision: END }))).toEqual([
      c.id,
      b.id,
      a.id,
    ]);
    expect(await idsOf(client.readStream("s", { maxCount: 1 }))).toEqual([a.id]);
    expect(await idsOf(client.readStream("s", { fromRevision: 9n }))).toEqual([]);
    await expect(idsOf(client.readStream("none"))).rejects.toThrow(ofType(ErrorType.STREAM_NOT_FOUND));
  });

  test("the log is read onwards with the event at the position, backwards without it", async () => {
    const { position } = await client.appendToStream("s", a);
    await client.appendToStream("t", b);
    expect(await idsOf(client.readAll({ fromPosition: position! }))).toEqual([a.id, b.id]);
    const before = client.readAll({ direction: BACKWARDS, fromPosition: position!, maxCount: 5 });
    expect(await idsOf(before)).not.toContain(a.id);
    expect(await idsOf(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }))).toEqual([
      b.id,
    ]);
  });

  test("a subscription gives what lies after its position, says when it has caught up, and goes on", async () => {
    const { position } = await client.appendToStream("s", a);
    await client.appendToStream("s", b);
    const subscription = client.subscribeToAll({
      fromPosition: position!,
      filter: eventTypeFilter({ prefixes: ["type-"] }),
    });
    const caughtUp = new Promise((resolve) => subscription.once("caughtUp", resolve));
    const seen: string[] = [];
    for await (const { event: found } of subscription) {
      seen.push(found!.id);
      if (found!.id === b.id) void caughtUp.then(() => client.appendToStream("s", c));
      if (found!.id === c.id) break;
    }
    expect(seen).toEqual([b.id, c.id]);
  });

  test("a stream is followed alone", async () => {
    await client.appendToStream("other", a);
    await client.appendToStream("s", [b, c]);
    const seen: string[] = [];
    for await (const { event: found } of client.subscribeToStream("s", { fromRevision: START })) {
      if (seen.push(found!.id) === 2) break;
    }
    expect(seen).toEqual([b.id, c.id]);
  });

  test("a deleted stream is not found, and counts on when it is written to again", async () => {
    await client.appendToStream("s", [a, b]);
    await client.deleteStream("s");
    await expect(idsOf(client.readStream("s"))).rejects.toThrow(ofType(ErrorType.STREAM_NOT_FOUND));
    expect(await client.appendToStream("s", c, { expectedRevision: NO_STREAM })).toMatchObject({
      nextExpectedRevision: 2n,
    });
    expect(await idsOf(client.readStream("s"))).toEqual([c.id]);
  });

  test("a tombstone is for ever", async () => {
    await client.appendToStream("s", a);
    await expect(client.tombstoneStream("s", { expectedRevision: 7n })).rejects.toThrow(
      ofType(ErrorType.WRONG_EXPECTED_VERSION),
    );
    await client.tombstoneStream("s", { expectedRevision: 0n });
    await expect(idsOf(client.readStream("s"))).rejects.toThrow(ofType(ErrorType.STREAM_DELETED));
    await expect(client.appendToStream("s", b)).rejects.toThrow(ofType(ErrorType.STREAM_DELETED));
    await expect(client.deleteStream("s")).rejects.toThrow(ofType(ErrorType.STREAM_DELETED));
  });

  test("a stream that has to exist does", async () => {
    await expect(client.appendToStream("s", a, { expectedRevision: STREAM_EXISTS })).rejects.toThrow(
      ofType(ErrorType.WRONG_EXPECTED_VERSION),
    );
    await client.appendToStream("s", a);
    await client.appendToStream("s", b, { expectedRevision: STREAM_EXISTS });
    expect(await idsOf(client.readStream("s"))).toHaveLength(2);
  });

  test("a stream's metadata is a stream", async () => {
    await client.setStreamMetadata("s", { maxCount: 5 });
    expect((await client.getStreamMetadata("s")).metadata).toMatchObject({ maxCount: 5 });
  });

  test("an append has a greatest size", async () => {
    const large = jsonEvent({ type: "large", data: { text: "x".repeat(1024 * 1024) } });
    await expect(client.appendToStream("s", large)).rejects.toThrow(
      ofType(ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED),
    );
  });
});
