import type { Uuid } from "@releve/domain/ids";
import { expect, test } from "vitest";
import { commitBytesMax, decodeCommit, encodeCommit } from "./event-codec.ts";
import type { NewEvent } from "./envelope.ts";
import type { StreamId } from "./event-log.ts";
import { sampleEvents } from "./golden.fixture.ts";
import { isEventType } from "./event-schemas.ts";
import { schemaVersionOf, type Upcasters } from "./upcasters.ts";

const id = "44444444-4444-4444-8444-444444444444" as Uuid;
const stream: StreamId = { kind: "job", id };
const eventId = "11111111-1111-4111-8111-111111111111" as Uuid;
const context = { atMs: 1, site: "site-a", actor: "test" };
const cancelled: NewEvent = { eventId, context, event: sampleEvents.JobCancelled };

const bytesOf = (...entries: readonly object[]) =>
  new TextEncoder().encode(JSON.stringify({ format: 1, events: entries }));
const stored = (
  event: { readonly type: string; readonly [field: string]: unknown },
  schema = isEventType(event.type) ? schemaVersionOf(event.type) : 1,
) => ({ eventId, schema, context, event });

test("an event of an unknown type is kept with its JSON, and the others of its commit are read", () => {
  const unknown = stored({ type: "JobPaused", job: id, until: 5 });
  const { events, unread } = decodeCommit(
    bytesOf(stored(sampleEvents.JobClaimed), unknown, stored(sampleEvents.JobCancelled)),
  );
  expect(events.map(({ event }) => event.type)).toEqual(["JobClaimed", "JobCancelled"]);
  expect(unread).toEqual([
    { index: 1, why: "unknown-type", type: "JobPaused", schema: 1, json: JSON.stringify(unknown) },
  ]);
});

test("an event of a newer schema is kept, not misread", () => {
  const newer = stored({ ...sampleEvents.JobCancelled, by: "somebody" }, 2);
  expect(decodeCommit(bytesOf(newer)).unread).toEqual([
    { index: 0, why: "newer-schema", type: "JobCancelled", schema: 2, json: JSON.stringify(newer) },
  ]);
});

test.each<[string, Uint8Array]>([
  ["no JSON", new TextEncoder().encode('{"format":1,')],
  ["no bytes", new Uint8Array(0)],
  ["no text", new Uint8Array([0xff, 0xfe, 0x00])],
  ["another format", new TextEncoder().encode('{"format":2,"events":[]}')],
  ["an entry that is none", bytesOf([])],
  ["a field of the wrong type", bytesOf(stored({ ...sampleEvents.JobClaimed, attempt: "1" }))],
  ["a field that nobody knows", bytesOf(stored({ ...sampleEvents.JobCancelled, name: "x" }))],
  ["a missing field", bytesOf(stored({ type: "JobCancelled", job: id }))],
])("%s is said to be invalid, and nothing is thrown", (_, bytes) => {
  const { events, unread } = decodeCommit(bytes);
  expect(events).toEqual([]);
  expect(unread?.map(({ why }) => why)).toEqual(["invalid"]);
});

test("an older shape passes its upcasters in order", () => {
  const table: Upcasters = {
    JobCancelled: [
      ({ why, ...rest }) => ({ ...rest, because: why }),
      ({ because, ...rest }) => ({ ...rest, reason: because }),
    ],
  };
  const versions = [
    stored({ type: "JobCancelled", job: id, why: "old" }, 1),
    stored({ type: "JobCancelled", job: id, because: "newer" }, 2),
    stored({ type: "JobCancelled", job: id, reason: "today" }, 3),
  ];
  const { events, unread } = decodeCommit(bytesOf(...versions), table);
  expect(unread).toBeUndefined();
  expect(events.map(({ event, schema }) => [schema, (event as { reason?: string }).reason])).toEqual([
    [1, "old"],
    [2, "newer"],
    [3, "today"],
  ]);
});

test("a commit that one message cannot hold is a fault with the numbers", () => {
  const large = { ...cancelled, event: { ...sampleEvents.JobCancelled, reason: "x".repeat(commitBytesMax) } };
  expect(() => encodeCommit(stream, [large])).toThrow(/LEDGER|bytes, more than/);
});

test("an event in a stream of another kind, and a commit without events, are bugs", () => {
  expect(() => encodeCommit({ kind: "study", id }, [cancelled])).toThrow(TypeError);
  expect(() => encodeCommit(stream, [])).toThrow(TypeError);
});

test("an id that is no UUID or a name that fits no subject is not written", () => {
  const bad = { ...sampleEvents.JobClaimed, node: "../../etc" } as unknown as NewEvent["event"];
  expect(() => encodeCommit(stream, [{ eventId, context, event: bad }])).toThrow(/not a node name/);
});

test("what was stored before there were priorities and epochs is read as it was meant", () => {
  const { needBytes: _, priority: __, deadlineAtMs: ___, ...request } = sampleEvents.JobRequested;
  const completed = { ...sampleEvents.JobCompleted, token: 42 };
  const { events, unread } = decodeCommit(bytesOf(stored(request, 1), stored(completed, 1)));
  expect(unread).toBeUndefined();
  expect(events.map(({ event }) => event)).toMatchObject([
    { needBytes: request.inputBytes, priority: "routine", deadlineAtMs: null },
    { token: { epoch: 1, version: 42 } },
  ]);
});
