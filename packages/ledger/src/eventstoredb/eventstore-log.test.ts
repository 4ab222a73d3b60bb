/**
 * The engine against the test server that speaks EventStoreDB's wire, in both ways in which the client can append, and, where
 * ESDB_URL names a real server, against that as well.
 */
import { randomUUID } from "node:crypto";
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import {
  startEventStoreServer,
  type EventStoreServer,
} from "@releve/testkit/eventstoredb/eventstoredb-server";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { execute } from "../command-handler.ts";
import { adoptionDecider } from "../deciders/adoption.ts";
import { jobDecider } from "../deciders/job.ts";
import {
  cancelled,
  claimed,
  eventLogContract,
  jobId,
  newEvent,
  take,
  versionOf,
} from "../event-log.contract.ts";
import type { AppendOutcome, EventLog, Expected, Position, Version } from "../event-log.ts";
import { load } from "../fold.ts";
import { sampleEvents } from "../golden.fixture.ts";
import { adoptionStream, jobStream } from "../streams.ts";
import { openEventStoreLog, type EventStoreLogOptions } from "./eventstore-log.ts";

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const item of opened.splice(0).toReversed()) await item[Symbol.asyncDispose]();
});

async function startServer(batchAppend = false): Promise<EventStoreServer> {
  const server = await startEventStoreServer({ batchAppend });
  opened.push(server);
  return server;
}

describe.each([
  ["one append a call", false],
  ["batched appends", true],
])("the EventStoreDB engine over the test server, %s", (name, batchAppend) => {
  eventLogContract(`EventStoreDB (test server, ${name})`, async () => {
    const server = await startServer(batchAppend);
    return openEventStoreLog({ connectionString: server.connectionString });
  });
});

// oxlint-disable-next-line node/no-process-env -- whoever has a real server tells tests in this way where it is
const realServer = process.env["ESDB_URL"];

describe.runIf(realServer !== undefined)(
  "the EventStoreDB engine over the server that ESDB_URL names",
  () => {
    /** A server keeps what earlier tests wrote, so each log has streams of its own. */
    const openReal = () =>
      openEventStoreLog({ connectionString: realServer!, streamPrefix: `ledgertest-${randomUUID()}-` });
    eventLogContract("EventStoreDB (real)", openReal);
  },
);

const job = jobId("one");
const stream = jobStream(job);

describe.each([
  ["one append a call", false],
  ["batched appends", true],
])("over a network that fails, %s", (_, batchAppend) => {
  let server: EventStoreServer;
  let log: EventLog;
  beforeEach(async () => {
    server = await startServer(batchAppend);
    log = await open();
  });

  async function open(options: Partial<EventStoreLogOptions> = {}): Promise<EventLog> {
    const { connectionString } = server;
    const one = await openEventStoreLog({ connectionString, requestTimeoutMs: 100, ...options });
    opened.push({ [Symbol.asyncDispose]: one.close });
    return one;
  }
  const claim = (attempt: number, expected: Expected, to = log) =>
    to.append(stream, [newEvent(`${attempt}`, claimed(job, attempt))], expected);

  test("an append whose answer was lost is told again and is one commit", async () => {
    server.setFate({ store: true, answer: false }, 1);
    const first = await claim(1, "none");
    expect(await log.read(stream)).toMatchObject([{ version: versionOf(first) }]);
    server.setFate({ store: true, answer: false }, 2);
    await claim(2, versionOf(first));
    expect(await log.read(stream)).toHaveLength(2);
  });

  test("an append that was lost on its way is told again", async () => {
    server.setFate({ store: false, answer: false }, 2);
    await claim(1, "none");
    expect(await log.read(stream)).toHaveLength(1);
  });

  test("an append whose answer was lost, and after which others wrote, is still found", async () => {
    server.setFate({ store: true, answer: false }, 1);
    const ours = claim(1, "none");
    const other = await open();
    const theirs = await until(
      () => claim(2, 0 as Version, other),
      ({ appended }) => appended,
    );
    expect(versionOf(theirs)).toBeGreaterThan(versionOf(await ours));
    expect(await log.read(stream)).toHaveLength(2);
  });

  test("without an answer it says at its limit that it does not know", async () => {
    const brief = await open({ requestTimeoutMs: 50, limitMs: 300 });
    server.setFate({ store: false, answer: false }, 1_000);
    const unreachable = expect.objectContaining({ code: "LEDGER_UNREACHABLE", retry: "later" }) as Error;
    await expect(claim(1, "none", brief)).rejects.toThrow(unreachable);
    await server.stop();
    await expect(brief.read(stream)).rejects.toThrow(unreachable);
    await expect(open({ limitMs: 300 })).rejects.toThrow(unreachable);
  });

  test("a subscription and a writer live through a restart of the server, without gap or repetition", async () => {
    const seen = take(log.subscribe(), 4);
    const first = await claim(1, "none");
    const second = await claim(2, versionOf(first));
    await server.stop();
    const third = claim(3, versionOf(second));
    await server.restart();
    const fourth = await claim(4, versionOf(await third));
    expect((await seen).map(({ version }) => version)).toEqual(
      [first, second, await third, fourth].map(versionOf),
    );
  });
});

/** What `act` gives, again and again until it is as wanted. */
async function until(
  act: () => Promise<AppendOutcome>,
  wanted: (outcome: AppendOutcome) => boolean,
): Promise<AppendOutcome> {
  for (let tries = 0; tries < 1_000; tries++) {
    const outcome = await act();
    if (wanted(outcome)) return outcome;
  }
  throw new Error("it never came to that");
}

describe("what lies in EventStoreDB", () => {
  let server: EventStoreServer;
  let log: EventLog;
  let client: EventStoreDBClient;
  beforeEach(async () => {
    server = await startServer();
    log = await open();
    client = EventStoreDBClient.connectionString(server.connectionString);
    opened.push({ [Symbol.asyncDispose]: client.dispose });
  });

  async function open(options: Partial<EventStoreLogOptions> = {}): Promise<EventLog> {
    const one = await openEventStoreLog({ connectionString: server.connectionString, ...options });
    opened.push({ [Symbol.asyncDispose]: one.close });
    return one;
  }
  const two = [newEvent("1", claimed(job, 1)), newEvent("2", cancelled(job, "x"))];

  test("an event lies under its own id, type and facts, with its commit in the metadata", async () => {
    await log.append(stream, two, "none");
    const stored = [];
    for await (const { event } of client.readStream(`ledger-job-${job}`)) stored.push(event);
    expect(stored).toMatchObject([
      { id: two[0]!.eventId, type: "JobClaimed", data: two[0]!.event, metadata: { index: 0, count: 2 } },
      { id: two[1]!.eventId, type: "JobCancelled", metadata: { commit: two[0]!.eventId, index: 1 } },
    ]);
  });

  test("a commit is whole wherever the reading begins", async () => {
    const outcome = await log.append(stream, two, "none");
    const last = versionOf(outcome);
    const [whole] = await log.read(stream);
    expect(await log.read(stream, (last - 1) as Version)).toEqual([whole]);
    expect(await log.read(stream, last)).toEqual([]);
    const within = (outcome.appended ? outcome.position - 1 : 0) as Position;
    expect(await take(log.readAll(within), Infinity)).toEqual([whole]);
    expect(await take(log.subscribe(within), 1)).toEqual([whole]);
  });

  test("streams of others, and of a ledger with another prefix, are not the ledger's", async () => {
    const other = await open({ streamPrefix: "elsewhere-" });
    await other.append(stream, two, "none");
    await client.appendToStream("ledger-of-a-shop", jsonEvent({ type: "Sold", data: {} }));
    expect(await log.read(stream)).toEqual([]);
    expect(await take(log.readAll(), Infinity)).toEqual([]);
    const job2 = jobId("two");
    await log.append(jobStream(job2), [newEvent("3", claimed(job2, 1))], "none");
    expect(await take(log.subscribe(), 1)).toMatchObject([{ stream: jobStream(job2) }]);
  });

  test("a log of several pages is read whole", async () => {
    const many = Array.from({ length: 1_100 }, () => jsonEvent({ type: "Sold", data: {} }));
    await client.appendToStream("shop-1", many);
    await log.append(stream, two, "none");
    await client.appendToStream(
      "shop-2",
      many.map(({ data }) => jsonEvent({ type: "Sold", data })),
    );
    expect(await take(log.readAll(), Infinity)).toHaveLength(1);
  });

  test("an event that somebody else wrote into a job's stream is kept, and no decider goes on over it", async () => {
    const { type: _, ...request } = sampleEvents.JobRequested;
    const context = { atMs: 1, site: "site-a", actor: "test" };
    await execute(log, stream, jobDecider, { type: "request", request }, context);
    await client.appendToStream(`ledger-job-${job}`, jsonEvent({ type: "Sold", data: { price: 1 } }));
    const commits = await log.read(stream);
    expect(commits.map(({ unread }) => unread?.[0]?.why)).toEqual([undefined, "invalid"]);
    await expect(load(log, stream, jobDecider)).rejects.toThrow(
      expect.objectContaining({ code: "LEDGER_NOT_UNDERSTOOD" }) as Error,
    );
  });

  test("a commit that is told again under a later version, as after a crash of its writer, is one", async () => {
    const first = await log.append(stream, [two[0]!], "none");
    expect(await log.append(stream, [two[0]!], versionOf(first))).toEqual(first);
    const afterRestart = await open();
    expect(await afterRestart.append(stream, [two[0]!], "none")).toEqual(first);
    expect(await log.read(stream)).toHaveLength(1);
  });

  test("a commit that the server does not take is refused with the reason", async () => {
    const large = cancelled(job, "x".repeat(1024 * 1024));
    await expect(log.append(stream, [newEvent("large", large)], "none")).rejects.toThrow(
      expect.objectContaining({ code: "LEDGER_COMMIT_TOO_LARGE" }) as Error,
    );
  });

  test("a stream that somebody put a tombstone on is refused, for reading and for writing", async () => {
    await log.append(stream, two, "none");
    await client.tombstoneStream(`ledger-job-${job}`);
    const refused = expect.objectContaining({ code: "LEDGER_REFUSED" }) as Error;
    await expect(log.read(stream)).rejects.toThrow(refused);
    await expect(log.append(stream, [newEvent("3", claimed(job, 2))], 1 as Version)).rejects.toThrow(refused);
  });

  test("a member is found by gossip", async () => {
    const found = await open({ connectionString: server.discoverString });
    await found.append(stream, two, "none");
    expect(await log.read(stream)).toHaveLength(1);
  });

  test("the log is under the epoch that its last adoption gave it", async () => {
    expect(log.epoch).toBe(1);
    const adopt = { type: "adopt", expectedEpoch: 1, tail: 5, remembered: 7, report: null } as const;
    const context = { atMs: 1, site: "site-a", actor: "test" };
    await execute(log, adoptionStream, adoptionDecider, adopt, context);
    expect((await open()).epoch).toBe(2);
  });

  test("a connection string that cannot be used is not repeated in the message", async () => {
    const secret = openEventStoreLog({ connectionString: "esdb:/admin:secret@somewhere" });
    await expect(secret).rejects.toThrow(/cannot be used/);
    await expect(secret).rejects.not.toThrow(/secret/);
  });

  test("a closed log says so", async () => {
    await log.close();
    const closed = expect.objectContaining({ code: "LEDGER_CLOSED" }) as Error;
    await expect(log.read(stream)).rejects.toThrow(closed);
    await expect(log.append(stream, two, "none")).rejects.toThrow(closed);
    expect(() => log.subscribe()).toThrow(closed);
    expect(() => log.readAll()).toThrow(closed);
  });
});
