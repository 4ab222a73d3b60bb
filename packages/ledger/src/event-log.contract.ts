/** What every engine of the ledger must do. Each engine's test file calls it with a way to open a log that is empty. */
import { uuidV5, type JobId, type NodeId, type SiteId, type Uuid } from "@releve/domain/ids";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { NewEvent } from "./envelope.ts";
import type { AppendOutcome, Commit, EventLog, Position, StreamId, Version } from "./event-log.ts";
import type { JobEvent } from "./events/job.ts";
import type { LedgerFault } from "./faults.ts";
import { jobStream } from "./streams.ts";
import { schemaVersionOf } from "./upcasters.ts";

const namespace = "0d3a4c35-35b1-4c7e-8f3b-6d2f3c1f7a10" as Uuid;
export const jobId = (name: string): JobId => uuidV5(namespace, name);

export const newEvent = (name: string, event: JobEvent): NewEvent => ({
  eventId: uuidV5(namespace, `event ${name}`),
  context: { atMs: 1_700_000_000_000, site: "site-a", actor: "test" },
  event,
});

export const claimed = (job: JobId, attempt: number, node = "a1"): JobEvent => ({
  type: "JobClaimed",
  job,
  node: node as NodeId,
  site: "site-a" as SiteId,
  attempt,
  epoch: 1,
  aheadMs: 0,
});

export const cancelled = (job: JobId, reason: string): JobEvent => ({ type: "JobCancelled", job, reason });

export function versionOf(outcome: AppendOutcome): Version {
  if (!outcome.appended) throw new Error("the append was refused");
  return outcome.version;
}

export async function take(commits: AsyncIterable<Commit>, count: number): Promise<Commit[]> {
  const taken: Commit[] = [];
  for await (const commit of commits) {
    taken.push(commit);
    if (taken.length === count) break;
  }
  return taken;
}

const typesOf = (commits: readonly Commit[]) =>
  commits.map(({ events }) => events.map(({ event }) => event.type));
const reasonsOf = (commits: readonly Commit[]) =>
  commits.flatMap(({ events }) =>
    events.map(({ event }) => (event.type === "JobCancelled" ? event.reason : event.type)),
  );

export function eventLogContract(engine: string, open: () => Promise<EventLog>): void {
  describe(`${engine}: the ledger's contract`, () => {
    let log: EventLog;
    beforeEach(async () => {
      log = await open();
    });
    afterEach(() => log.close());

    const job = jobId("one");
    const stream = jobStream(job);
    const append = (name: string, event: JobEvent, expected: Version | "none", to: StreamId = stream) =>
      log.append(to, [newEvent(name, event)], expected);

    const appendNamed = (name: string) =>
      append(name, cancelled(jobId(name), name), "none", jobStream(jobId(name)));

    test("an unknown stream is empty", async () => {
      expect(await log.read(stream)).toEqual([]);
    });

    test("what was appended is read back whole, in order, with the versions that the appends returned", async () => {
      const first = versionOf(await append("1", claimed(job, 1), "none"));
      const second = versionOf(await append("2", cancelled(job, "why"), first));
      const commits = await log.read(stream);
      expect(commits.map(({ version }) => version)).toEqual([first, second]);
      expect(commits.map((commit) => commit.stream)).toEqual([stream, stream]);
      expect(commits[0]!.events).toEqual([
        { ...newEvent("1", claimed(job, 1)), schema: schemaVersionOf("JobClaimed") },
      ]);
      expect(second).toBeGreaterThan(first);
    });

    test("a writer that saw an older version is refused, and nothing of its commit is stored", async () => {
      const first = versionOf(await append("1", claimed(job, 1), "none"));
      const second = versionOf(await append("2", claimed(job, 2), first));
      const late = await log.append(
        stream,
        [newEvent("late 1", claimed(job, 3)), newEvent("late 2", cancelled(job, "late"))],
        first,
      );
      expect(late).toEqual({ appended: false, reason: "conflict" });
      expect(await append("again none", claimed(job, 1), "none")).toEqual({
        appended: false,
        reason: "conflict",
      });
      expect((await log.read(stream)).map(({ version }) => version)).toEqual([first, second]);
    });

    test("a version is the stream's own: other streams in between leave gaps and do no harm", async () => {
      const other = jobStream(jobId("other"));
      const first = versionOf(await append("1", claimed(job, 1), "none"));
      await append("o1", claimed(jobId("other"), 1), "none", other);
      const second = versionOf(await append("2", cancelled(job, "later"), first));
      expect((await log.read(stream)).map(({ version }) => version)).toEqual([first, second]);
      expect(await log.read(other)).toHaveLength(1);
    });

    test("the same commit twice is one commit, and both answers name the same version", async () => {
      const first = await append("1", claimed(job, 1), "none");
      expect(await append("1", claimed(job, 1), "none")).toEqual(first);
      await append("2", claimed(job, 2), versionOf(first));
      expect(await append("1", claimed(job, 1), "none")).toEqual(first);
      expect(await log.read(stream)).toHaveLength(2);
    });

    test("an event id that another stream used is a fault, not a lost commit", async () => {
      await append("same", claimed(job, 1), "none");
      const other = jobId("other");
      await expect(append("same", claimed(other, 1), "none", jobStream(other))).rejects.toThrow(
        expect.objectContaining({ code: "LEDGER_EVENT_ID_REUSED" }) as LedgerFault,
      );
    });

    test("all events of a commit are stored together", async () => {
      const events = [newEvent("1", claimed(job, 1)), newEvent("2", cancelled(job, "x"))];
      await log.append(stream, events, "none");
      expect(typesOf(await log.read(stream))).toEqual([["JobClaimed", "JobCancelled"]]);
    });

    test("an event that is not of its stored shape, or of another kind of stream, is not appended", async () => {
      const wrongShape = { ...cancelled(job, "x"), patientName: "nobody" } as unknown as JobEvent;
      await expect(append("1", wrongShape, "none")).rejects.toThrow(TypeError);
      const wrongStream: StreamId = { kind: "study", id: job };
      await expect(append("2", cancelled(job, "x"), "none", wrongStream)).rejects.toThrow(TypeError);
      await expect(log.append(stream, [], "none")).rejects.toThrow(TypeError);
      expect(await log.read(stream)).toEqual([]);
    });

    test("of 20 writers on one version exactly one wins, every time", async () => {
      let version: Version | "none" = "none";
      for (let round = 1; round <= 5; round++) {
        const outcomes: AppendOutcome[] = await Promise.all(
          Array.from({ length: 20 }, (_, writer) =>
            append(`${round} by ${writer}`, claimed(job, round, `n${writer}`), version),
          ),
        );
        const won = outcomes.filter(({ appended }) => appended);
        expect(won).toHaveLength(1);
        version = versionOf(won[0]!);
        expect(await log.read(stream)).toHaveLength(round);
      }
    });

    test("appends at the same time each get their own answer: one that is refused fails no other", async () => {
      const taken = await Promise.all(["t0", "t1", "t2"].map(appendNamed));
      const names = Array.from({ length: 60 }, (_, index) => `n${index}`);
      const late = ["t0", "t1", "t2"].map((name) => `late ${name}`);
      const outcomes = await Promise.all([
        ...names.slice(0, 30).map(appendNamed),
        ...late.map((name) =>
          append(name, cancelled(jobId(name.slice(5)), name), "none", jobStream(jobId(name.slice(5)))),
        ),
        ...names.slice(30).map(appendNamed),
      ]);
      const refused = outcomes.flatMap(({ appended }, index) => (appended ? [] : [index]));
      expect(refused).toEqual([30, 31, 32]);
      const answered = [...taken, ...outcomes.filter(({ appended }) => appended)].map(versionOf);
      const all = await take(log.readAll(), Infinity);
      const versions = new Map(all.map((commit) => [reasonsOf([commit])[0], commit.version]));
      expect(["t0", "t1", "t2", ...names].map((name) => versions.get(name))).toEqual(answered);
    });

    test("many commits twice at the same time are each stored once, and their ids are known afterwards", async () => {
      const names = Array.from({ length: 40 }, (_, index) => `n${index}`);
      const [first, second] = await Promise.all([
        Promise.all(names.map(appendNamed)),
        Promise.all(names.map(appendNamed)),
      ]);
      expect(second).toEqual(first);
      expect(await Promise.all(names.map(appendNamed))).toEqual(first);
      expect(await take(log.readAll(), Infinity)).toHaveLength(40);
      const other = jobId("other");
      for (const name of ["n0", "n20", "n39"])
        await expect(append(name, claimed(other, 1), "none", jobStream(other))).rejects.toThrow(
          expect.objectContaining({ code: "LEDGER_EVENT_ID_REUSED" }) as LedgerFault,
        );
    });

    test("readAll gives every stream's commits in order, up to the end at the call, from any position", async () => {
      const positions: Position[] = [];
      for (const name of ["a", "b", "c", "d"]) {
        const outcome = await appendNamed(name);
        if (outcome.appended) positions.push(outcome.position);
      }
      const all = await take(log.readAll(), Infinity);
      expect(reasonsOf(all)).toEqual(["a", "b", "c", "d"]);
      expect(all.map(({ position }) => position)).toEqual(positions);
      expect(reasonsOf(await take(log.readAll(positions[1]), Infinity))).toEqual(["c", "d"]);
      expect(await take(log.readAll(positions[3]), Infinity)).toEqual([]);
    });

    test("subscribe gives what was there and what comes, once each and in order, until it is stopped", async () => {
      const first = await appendNamed("a");
      await appendNamed("b");
      const subscription = log.subscribe();
      const seen = take(subscription, 4);
      await appendNamed("c");
      await appendNamed("d");
      expect(reasonsOf(await seen)).toEqual(["a", "b", "c", "d"]);
      const later = log.subscribe(first.appended ? first.position : undefined);
      expect(reasonsOf(await take(later, 3))).toEqual(["b", "c", "d"]);
      const idle = log.subscribe((await take(log.readAll(), Infinity)).at(-1)!.position);
      const nothing = take(idle, 1);
      idle.stop();
      expect(await nothing).toEqual([]);
    });

    test("closing ends the subscriptions", async () => {
      const seen = take(log.subscribe(), Infinity);
      await append("1", claimed(job, 1), "none");
      await log.close();
      expect((await seen).length).toBeLessThanOrEqual(1);
    });
  });
}
