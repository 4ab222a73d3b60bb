import type { JobId, NodeId, SiteId, Uuid } from "@releve/domain/ids";
import { expect, test } from "vitest";
import type { StreamId } from "../event-log.ts";
import { jobId } from "../event-log.contract.ts";
import type { LedgerEvent } from "../events.ts";
import { sampleEvents } from "../golden.fixture.ts";
import { memoryLog } from "../memory-log.ts";
import { adoptionStream, deliveryStream, jobStream, nodeStream } from "../streams.ts";
import { catchUpReadModel } from "./follow-read-model.ts";
import { jobHistory } from "./job-history.ts";
import { openReadModel } from "./open-read-model.ts";

const job = jobId("followed");
const other = jobId("other");
const site = "site-a" as SiteId;
const [a1, a2] = ["a1" as NodeId, "a2" as NodeId];
const delivery = sampleEvents.DeliveryRequested.delivery;

const requested = (of: JobId): LedgerEvent => ({ ...sampleEvents.JobRequested, job: of });
const claim = (of: JobId, node: NodeId, attempt: number): LedgerEvent => ({
  ...sampleEvents.JobClaimed,
  job: of,
  node,
  attempt,
});
const joined = (node: NodeId): LedgerEvent => ({ ...sampleEvents.NodeJoined, node });
const lost = (node: NodeId): LedgerEvent => ({ ...sampleEvents.NodeLost, node });

async function historyOf(...told: readonly (readonly [StreamId, LedgerEvent])[]): Promise<string[]> {
  const log = memoryLog();
  for (const [index, [stream, event]] of told.entries()) {
    const eventId = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}` as Uuid;
    const expected = (await log.read(stream)).at(-1)?.version ?? "none";
    await log.append(stream, [{ eventId, context: { atMs: index, site, actor: "test" }, event }], expected);
  }
  const model = openReadModel();
  await catchUpReadModel(log, model);
  const history = model.ask((queries) => jobHistory(queries, job));
  model.close();
  return history.map((entry) => (entry.unread === null ? entry.event.type : entry.unread));
}

test("a job's history holds what happened to its nodes while they held it, and to what came of it", async () => {
  const history = await historyOf(
    [nodeStream(site, a1), joined(a1)],
    [nodeStream(site, a2), joined(a2)],
    [jobStream(other), requested(other)],
    [jobStream(job), requested(job)],
    [jobStream(job), claim(job, a1, 1)],
    [jobStream(other), claim(other, a2, 1)],
    [jobStream(job), { ...sampleEvents.JobReleased, job, node: a1 }],
    [nodeStream(site, a1), lost(a1)],
    [nodeStream(site, a2), { ...sampleEvents.NodeDraining, node: a2 }],
    [adoptionStream, sampleEvents.LedgerAdopted],
    [jobStream(job), claim(job, a2, 2)],
    [jobStream(job), { ...sampleEvents.JobCompleted, job, node: a2 }],
    [nodeStream(site, a2), lost(a2)],
    [deliveryStream(delivery), { ...sampleEvents.DeliveryRequested, job }],
    [deliveryStream(delivery), sampleEvents.Delivered],
  );
  expect(history).toEqual([
    "JobRequested",
    "JobClaimed",
    "JobReleased",
    "NodeLost",
    "LedgerAdopted",
    "JobClaimed",
    "JobCompleted",
    "DeliveryRequested",
    "Delivered",
  ]);
});

test("an open job's history goes on to now; an unknown job's is empty", async () => {
  const open = [
    [jobStream(job), requested(job)],
    [jobStream(job), claim(job, a1, 1)],
    [nodeStream(site, a1), joined(a1)],
  ] as const;
  expect(await historyOf(...open)).toEqual(["JobRequested", "JobClaimed", "NodeJoined"]);
  expect(await historyOf()).toEqual([]);
});
