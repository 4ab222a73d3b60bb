import type { Digest, JobId, NodeId, SiteId, StudyId } from "@releve/domain/ids";
import { expect, onTestFinished, test, vi } from "vitest";
import { execute } from "../command-handler.ts";
import { jobDecider, type JobCommand } from "../deciders/job.ts";
import type { EventLog } from "../event-log.ts";
import { memoryLog } from "../memory-log.ts";
import { jobStream } from "../streams.ts";
import { supersedeLost } from "./supersede-lost.ts";

const job = "20000000-0000-5000-8000-000000000001" as JobId;
const context = { atMs: 1, site: "test", actor: "test" };

const request = (site: SiteId): JobCommand => ({
  type: "request",
  request: {
    job,
    study: "10000000-0000-5000-8000-000000000001" as StudyId,
    application: "mip",
    applicationVersion: "1",
    parameters: {},
    plan: "0".repeat(64) as Digest,
    inputSite: site,
    inputBytes: 1,
    needBytes: 1,
    priority: "routine",
    deadlineAtMs: null,
  },
});

async function complete(log: EventLog, name: string): Promise<void> {
  const site = name as SiteId;
  const run = (command: JobCommand) => execute(log, jobStream(job), jobDecider, command, context);
  await run(request(site));
  const claimed = await run({ type: "claim", node: "n1" as NodeId, site, epoch: 1, aheadMs: 0 });
  if (!("state" in claimed) || claimed.state.status !== "claimed") throw new Error("not claimed");
  const { token } = claimed.state;
  await run({ type: "complete", token, outputs: [], pictures: [], engine: "cpu", computeMs: 1, remarks: [] });
}

const typesIn = async (log: EventLog): Promise<string[]> =>
  (await log.read(jobStream(job))).flatMap(({ events }) => events.map(({ event }) => event.type));
const lifeOfCompleted = ["JobRequested", "JobClaimed", "JobCompleted"];

function merging(own: EventLog, copy: EventLog): () => Promise<void> {
  const stopping = new AbortController();
  const onFault = (_: JobId, fault: Error) => expect.unreachable(fault.message);
  const done = supersedeLost({ own, copies: [copy], context: () => context, onFault }, stopping.signal);
  const stop = () => (stopping.abort(), done);
  onTestFinished(stop);
  return stop;
}

test.each(["before", "while"])(
  "of two completions written %s both look, the higher site's loses, once",
  async (when) => {
    const [hub, leaf] = [memoryLog(), memoryLog()];
    const both = async () => {
      await complete(leaf, "site-x");
      await complete(hub, "site-a");
    };
    if (when === "before") await both();
    const stops = [merging(hub, leaf), merging(leaf, hub), merging(leaf, hub)]; // the leaf has two gateways
    if (when === "while") await both();
    await vi.waitUntil(async () => (await typesIn(leaf)).length > lifeOfCompleted.length, {
      timeout: 10_000,
    });
    for (const stop of stops) await stop();
    for (const [own, copy] of [
      [hub, leaf],
      [leaf, hub],
    ] as const)
      await merging(own, copy)();
    expect(await typesIn(hub)).toEqual(lifeOfCompleted);
    expect(await typesIn(leaf)).toEqual([...lifeOfCompleted, "JobSuperseded"]);
    const [last] = (await leaf.read(jobStream(job))).at(-1)!.events;
    expect(last?.event).toEqual({ type: "JobSuperseded", job, by: job, bySite: "site-a" });
  },
);
