import {
  deliveryIdOf,
  type Digest,
  type JobId,
  type NodeId,
  type SiteId,
  type StudyId,
} from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { execute } from "@releve/ledger/command-handler";
import { deliveryDecider } from "@releve/ledger/deciders/delivery";
import { jobDecider } from "@releve/ledger/deciders/job";
import { nodeDecider } from "@releve/ledger/deciders/node";
import type { EventLog } from "@releve/ledger/event-log";
import { memoryLog } from "@releve/ledger/memory-log";
import { deliveryStream, jobStream, nodeStream } from "@releve/ledger/streams";
import { newEventIndex } from "@releve/ledger/views/event-index";
import { expect, test } from "vitest";
import { cancelJob } from "./cancel.ts";
import { drainNode } from "./drain.ts";
import { retryJobOrDelivery } from "./retry.ts";

const site = "site-a" as SiteId;
const study = "00000000-0000-5000-8000-000000000000" as StudyId;
const job = "11111111-0000-5000-8000-000000000000" as JobId;
const other = "11112222-0000-5000-8000-000000000000" as JobId;
const delivery = deliveryIdOf(job, "PACS");
const context = { atMs: 0, site, actor: "test" };

async function ledgerOf(log: EventLog) {
  const index = newEventIndex();
  for await (const commit of log.readAll()) index.apply(commit);
  return { log, index };
}

/** Two jobs that wait, a delivery that is pending, a node that runs. */
async function system() {
  const log = memoryLog();
  for (const id of [job, other]) {
    const request = {
      job: id,
      study,
      application: "mpr",
      applicationVersion: "1",
      parameters: {},
      plan: "a".repeat(64) as Digest,
      inputSite: site,
      inputBytes: 1,
      needBytes: 1,
      priority: "routine",
      deadlineAtMs: null,
    } as const;
    await execute(log, jobStream(id), jobDecider, { type: "request", request }, context);
  }
  const request = { delivery, job, study, destination: "PACS", site, objects: [] };
  await execute(log, deliveryStream(delivery), deliveryDecider, { type: "request", request }, context);
  const node = {
    node: "a1" as NodeId,
    site,
    incarnation: "first",
    slots: 1,
    engine: "test",
    memoryBytes: null,
  };
  await execute(log, nodeStream(site, node.node), nodeDecider, { type: "join", ...node }, context);
  return log;
}

test("a job is cancelled and asked for again by the id as the list prints it", async () => {
  const log = await system();
  const cancelled = await cancelJob(await ledgerOf(log), { job: "11111111" });
  expect(cancelled).toBe(`job ${job} is cancelled`);
  expect(await cancelJob(await ledgerOf(log), { job: "11111111" })).toBe(`job ${job} is cancelled already`);
  expect(await retryJobOrDelivery(await ledgerOf(log), { id: "11111111" })).toBe(`job ${job} is tried again`);
  expect(await retryJobOrDelivery(await ledgerOf(log), { id: "11111111" })).toBe(
    `job ${job} was not given up: there is nothing to retry`,
  );
  const events = (await ledgerOf(log)).index.ofStream("job", job);
  expect(events.map(({ event }) => event.type)).toEqual(["JobRequested", "JobCancelled", "JobRetried"]);
  expect(events[1]!.context.actor).toBe("operator");
});

test("an id that is unknown, empty or meant two jobs changes nothing", async () => {
  const log = await system();
  const ledger = await ledgerOf(log);
  await expect(cancelJob(ledger, { job: "1111" })).rejects.toThrow("more than one job begins with 1111");
  await expect(cancelJob(ledger, { job: "9" })).rejects.toThrow("there is no job 9");
  await expect(cancelJob(ledger, { job: "" })).rejects.toThrow("there is no job");
  expect((await ledgerOf(log)).index.all).toHaveLength(ledger.index.all.length);
});

test("a delivery that stopped is asked for again, one that goes on is not", async () => {
  const log = await system();
  const retry = async () => retryJobOrDelivery(await ledgerOf(log), { id: delivery.slice(0, 8) });
  expect(await retry()).toBe(`delivery ${delivery} was not given up: there is nothing to retry`);
  const fail = { type: "fail", attempt: 1, code: "REFUSED", reason: "no", nowMs: 0, final: true } as const;
  await execute(log, deliveryStream(delivery), deliveryDecider, fail, context);
  expect(await retry()).toBe(`delivery ${delivery} is tried again`);
});

test("a node drains and is taken back by its name; one that never joined or has left is refused", async () => {
  const log = await system();
  const drain = async (resume = false) => drainNode(await ledgerOf(log), { node: "a1", resume });
  expect(await drain()).toBe("a1 finishes what it holds, takes nothing more, and leaves");
  expect(await drain()).toBe("a1 is leaving already");
  expect(await drain(true)).toBe("a1 takes jobs again");
  expect(await drain(true)).toBe("a1 takes jobs already");
  await expect(drainNode(await ledgerOf(log), { node: "a9" })).rejects.toThrow("no node a9 ever joined");
  const leave = { type: "leave", incarnation: "first" } as const;
  await execute(log, nodeStream(site, "a1" as NodeId), nodeDecider, leave, context);
  const refused = await drain();
  expect(isRefusal(refused) && refused.refused).toBe("NODE_GONE");
});
