import { systemClock } from "@releve/domain/clock";
import { digestOf, studyIdOf, type Digest, type SiteId } from "@releve/domain/ids";
import { execute } from "@releve/ledger/command-handler";
import { siteDecider } from "@releve/ledger/deciders/site";
import { studyDecider } from "@releve/ledger/deciders/study";
import type { EventLog } from "@releve/ledger/event-log";
import { load } from "@releve/ledger/fold";
import { memoryLog } from "@releve/ledger/memory-log";
import { siteStream, studyStream } from "@releve/ledger/streams";
import { StoreFault } from "@releve/store/faults";
import { expect, test, vi } from "vitest";
import { runReplication, type ReplicationDeps } from "./run-replication.ts";

const study = studyIdOf("1.2.3");
const sites = ["site-a", "site-b", "site-c"] as SiteId[];
const context = (site: string) => ({ atMs: 0, site, actor: "test" });
/** Waits are short, so that pauses of seconds pass at once. */
const clock = {
  ...systemClock,
  wait: (ms: number, signal?: AbortSignal) => systemClock.wait(ms / 50, signal),
};

async function ledgerWith(objects: number): Promise<EventLog> {
  const log = memoryLog();
  for (const site of sites) {
    const join = { type: "join", site, mode: "member", safety: "safe-2" } as const;
    await execute(log, siteStream(site), siteDecider, join, context(site));
  }
  await receive(log, objects);
  return log;
}

async function receive(log: EventLog, objects: number) {
  const all = Array.from({ length: objects }, (_, index) => ({
    digest: digestOf(`object ${index}`),
    bytes: 1,
    sopClassUid: "1.2",
    sopInstanceUid: `1.2.3.${index}`,
    seriesInstanceUid: "1.2.3",
    transferSyntaxUid: "1.2.840.10008.1.2.1",
  }));
  const command = { type: "receive", study, studyInstanceUid: "1.2.3", objects: all } as const;
  await execute(log, studyStream(study), studyDecider, command, context("site-a"));
}

async function replicas(log: EventLog): Promise<Record<string, number>> {
  const { state } = await load(log, studyStream(study), studyDecider);
  if (state.status === "none") return {};
  return Object.fromEntries([...state.replicas].map(([site, digests]) => [site, digests.size]));
}

/** The gateways of the sites over one ledger; stop ends them all. */
function started(log: EventLog, which: readonly SiteId[], more: Partial<ReplicationDeps> = {}) {
  const stopping = new AbortController();
  const kept = new Map<string, Digest[]>(which.map((site) => [site, []]));
  const faults: string[] = [];
  const runs = which.map((site) =>
    runReplication(
      {
        log,
        clock,
        wallNowMs: () => 0,
        site,
        lostSites: () => new Map(),
        keep: async (digest) => void kept.get(site)!.push(digest),
        onFault: (_, fault) => faults.push(fault.code),
        onBehind: () => {},
        ...more,
      },
      stopping.signal,
    ),
  );
  const stop = async () => {
    stopping.abort();
    await Promise.all(runs);
  };
  return { kept, faults, stop };
}

const total = (counts: Record<string, number>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

test("exactly one other site copies, each object once, and says so", async () => {
  const log = await ledgerWith(300);
  const { kept, stop } = started(log, sites);
  await vi.waitUntil(async () => total(await replicas(log)) >= 300, { timeout: 10_000 });
  await stop();
  const counts = await replicas(log);
  expect(Object.keys(counts)).toHaveLength(1);
  expect(kept.get("site-a")).toEqual([]);
  expect(kept.get(Object.keys(counts)[0]!)).toHaveLength(300);
});

test("when the site whose turn it is is lost, the third one copies", async () => {
  const log = await ledgerWith(3);
  const first = started(log, sites);
  await vi.waitUntil(async () => total(await replicas(log)) === 3, { timeout: 10_000 });
  await first.stop();
  const [chosen] = Object.keys(await replicas(log));
  const again = await ledgerWith(3);
  const left = sites.filter((site) => site !== chosen);
  const second = started(again, left, { lostSites: () => new Map([[chosen!, 0]]) });
  await vi.waitUntil(async () => total(await replicas(again)) === 3, { timeout: 10_000 });
  await second.stop();
  expect(Object.keys(await replicas(again))).toEqual([left.find((site) => site !== "site-a")]);
});

test("what came before the line broke is told, and only the rest is fetched when it is back", async () => {
  const log = await ledgerWith(40);
  const fetched: Digest[] = [];
  let broken = false;
  const keep = async (digest: Digest) => {
    if (fetched.length === 10 && !broken) {
      broken = true;
      throw new StoreFault("SITE_UNREACHABLE", "the line is cut");
    }
    fetched.push(digest);
  };
  const { faults, stop } = started(log, sites.slice(0, 2), { keep });
  await vi.waitUntil(async () => total(await replicas(log)) === 40, { timeout: 10_000 });
  await stop();
  expect(faults).toEqual(["SITE_UNREACHABLE"]);
  expect(new Set(fetched).size).toBe(fetched.length);
  const commits = await log.read(studyStream(study));
  const types = commits.flatMap((commit) => commit.events.map(({ event }) => event.type));
  expect(types).toEqual(["StudyObjectsReceived", "StudyObjectsReplicated", "StudyObjectsReplicated"]);
});

test("alone, a site copies nothing, and its study stays local until the second one is there", async () => {
  const log = await ledgerWith(2);
  const alone = started(log, ["site-a" as SiteId], {
    lostSites: () =>
      new Map([
        ["site-b", 0],
        ["site-c", 0],
      ]),
  });
  await clock.wait(20_000);
  expect(await replicas(log)).toEqual({});
  await alone.stop();
  const both = started(log, sites);
  await vi.waitUntil(async () => total(await replicas(log)) === 2, { timeout: 10_000 });
  await both.stop();
});
