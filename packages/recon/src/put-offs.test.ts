/** Jobs that a node gives back because it cannot do them now: never spent, never hidden, tried again when that has a chance. */
import { Fault } from "@releve/domain/fault";
import { digestOf, type Digest, type SiteId } from "@releve/domain/ids";
import { execute } from "@releve/ledger/command-handler";
import { siteDecider, type SiteCommand } from "@releve/ledger/deciders/site";
import { studyDecider, type StudyCommand } from "@releve/ledger/deciders/study";
import type { EventLog } from "@releve/ledger/event-log";
import type { StoredObject } from "@releve/ledger/events/stored-object";
import { siteStream, studyStream } from "@releve/ledger/streams";
import { expect, test } from "vitest";
import {
  a1,
  b1,
  eventsOf,
  free,
  newWorld,
  request,
  requestOf,
  result,
  siteA,
  typesOf,
} from "./node-loop.fixture.ts";

const away = new Fault("SITE_UNREACHABLE", "nobody there", "later");
const full = new Fault("STORE_FULL", "the disk is full", "later");
const siteB = "site-b" as SiteId;
const { study } = requestOf(1);
const context = { atMs: 0, site: siteA, actor: "test" };

const ofStudy = (log: EventLog, command: StudyCommand) =>
  execute(log, studyStream(study), studyDecider, command, context);
const ofSite = (log: EventLog, site: SiteId, command: SiteCommand) =>
  execute(log, siteStream(site), siteDecider, command, context);

/** Attempts that fail with the fault until the test mends them; tells when each began. */
function failing(fault: Fault, nowMs: () => number) {
  const startsMs: number[] = [];
  const state = { mended: false };
  const attempt = async () => {
    startsMs.push(nowMs());
    if (!state.mended) throw fault;
    return result;
  };
  const gaps = () => startsMs.slice(1).map((ms, index) => Math.round((ms - startsMs[index]!) / 1_000));
  return { attempt, startsMs, gaps, state };
}

const claimsOf = async (log: EventLog, number: number) =>
  (await typesOf(log, number)).filter((type) => type === "JobClaimed").length;

test("a job whose input is away is tried again after growing pauses, says why, and is done when the site is back", async () => {
  const { log, clock, start } = newWorld();
  const { attempt, gaps, state } = failing(away, clock.nowMs);
  await request(log, 1);
  const node = await start(a1, { attempt });
  await clock.advance(1_800_000);
  expect(gaps().slice(0, 8)).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
  const events = await eventsOf(log, 1);
  const released = events.filter((event) => event.type === "JobReleased");
  expect(released.length).toBeGreaterThan(8);
  expect(new Set(released.map(({ reason }) => reason))).toEqual(new Set(["input-away"]));
  expect(new Set(node.faults)).toEqual(new Set(["SITE_UNREACHABLE"]));
  state.mended = true;
  await clock.advance(301_000);
  expect((await typesOf(log, 1)).at(-1)).toBe("JobCompleted");
});

test("other work goes on meanwhile, and another node that reaches the input takes the job at once", async () => {
  const { log, clock, start } = newWorld();
  const { attempt, startsMs } = failing(away, clock.nowMs);
  await request(log, 1);
  await start(a1, { attempt: async (job) => (job.job === requestOf(1).job ? attempt() : result) });
  await clock.advance(1_000);
  await request(log, 2);
  await clock.advance(1_000);
  expect((await typesOf(log, 2)).at(-1)).toBe("JobCompleted");
  await start(b1, { others: [free(a1)] });
  await clock.advance(2_000);
  expect((await typesOf(log, 1)).at(-1)).toBe("JobCompleted");
  expect(startsMs).toHaveLength(1);
});

test("a site that holds the input and comes back ends the pause; another one does not", async () => {
  const { log, clock, start } = newWorld();
  const { attempt, state } = failing(away, clock.nowMs);
  const sites = [siteA, siteB];
  for (const site of sites) {
    await ofSite(log, site, { type: "join", site, mode: "member", safety: "local" });
    await ofSite(log, site, { type: "lose", by: siteB, silentMs: 9_000 });
  }
  await request(log, 1);
  await start(a1, { attempt });
  await clock.advance(600_000);
  const before = await claimsOf(log, 1);
  state.mended = true;
  await ofSite(log, siteB, { type: "return" });
  await clock.advance(1_000);
  expect(await claimsOf(log, 1)).toBe(before);
  await ofSite(log, siteA, { type: "return" });
  await clock.advance(1_000);
  expect((await typesOf(log, 1)).at(-1)).toBe("JobCompleted");
});

test("a site that says it has the whole study ends the pause; a part of it does not", async () => {
  const { log, clock, start } = newWorld();
  const { attempt, state } = failing(away, clock.nowMs);
  const objects = [objectOf("one"), objectOf("two")];
  await ofStudy(log, { type: "receive", study, studyInstanceUid: "1.2", objects });
  await request(log, 1);
  await start(a1, { attempt });
  await clock.advance(600_000);
  const before = await claimsOf(log, 1);
  state.mended = true;
  const copied = (digest: Digest) => ofStudy(log, { type: "replicate", site: siteB, digests: [digest] });
  await copied(objects[0]!.digest);
  await clock.advance(1_000);
  expect(await claimsOf(log, 1)).toBe(before);
  await copied(objects[1]!.digest);
  await clock.advance(1_000);
  expect((await typesOf(log, 1)).at(-1)).toBe("JobCompleted");
});

function objectOf(text: string): StoredObject {
  const uids = { sopClassUid: "1.2", sopInstanceUid: `1.2.${text.length}.${text.charCodeAt(0)}` };
  return { digest: digestOf(text), bytes: 1, ...uids, seriesInstanceUid: "1.3", transferSyntaxUid: "1.4" };
}

test("a node whose disk is full takes nothing until its pause is over, offers no slot, and then works again", async () => {
  const { log, clock, start } = newWorld();
  const { attempt, startsMs, state } = failing(full, clock.nowMs);
  for (const number of [1, 2, 3]) await request(log, number);
  const node = await start(a1, { attempt });
  await clock.advance(4_000);
  expect(startsMs).toHaveLength(1);
  expect(node.reports.at(-1)?.busy).toBe(1);
  await clock.advance(60_000);
  expect(startsMs.length).toBeLessThanOrEqual(4);
  for (const number of [1, 2, 3]) expect(await typesOf(log, number)).not.toContain("JobDeadLettered");
  state.mended = true;
  await clock.advance(310_000);
  for (const number of [1, 2, 3]) expect((await typesOf(log, number)).at(-1)).toBe("JobCompleted");
  expect(node.reports.at(-1)?.busy).toBe(0);
});

test("a node that is started again tries at once what its earlier start had put off", async () => {
  const { log, clock, start } = newWorld();
  const { attempt } = failing(away, clock.nowMs);
  await request(log, 1);
  const node = await start(a1, { attempt });
  await clock.advance(1_800_000);
  await node.stop();
  await start({ ...a1, incarnation: "a1-2" });
  await clock.advance(1_000);
  expect((await typesOf(log, 1)).at(-1)).toBe("JobCompleted");
});
