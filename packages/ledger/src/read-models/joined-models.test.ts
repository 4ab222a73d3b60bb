import { randomUUID } from "node:crypto";
import {
  deliveryIdOf,
  digestOf,
  type JobId,
  type NodeId,
  type SiteId,
  type StudyId,
  type Uuid,
} from "@releve/domain/ids";
import { expect, onTestFinished, test } from "vitest";
import type { EventLog, Version } from "../event-log.ts";
import type { JobEvent } from "../events/job.ts";
import { memoryLog } from "../memory-log.ts";
import { deliveryStream, jobStream } from "../streams.ts";
import { catchUpReadModel } from "./follow-read-model.ts";
import { joinedModels } from "./joined-models.ts";
import { openReadModel } from "./open-read-model.ts";

const study = "10000000-0000-5000-8000-000000000001" as StudyId;
const [shared, ours, theirs] = [1, 2, 3].map((n) => `20000000-0000-5000-8000-00000000000${n}` as JobId) as [
  JobId,
  JobId,
  JobId,
];
const picture = digestOf("picture");

const requested = (job: JobId): JobEvent => ({
  type: "JobRequested",
  job,
  study,
  application: "mip",
  applicationVersion: "1",
  parameters: {},
  plan: digestOf("plan"),
  inputSite: "site-a" as SiteId,
  inputBytes: 1,
  needBytes: 1,
  priority: "routine",
  deadlineAtMs: null,
});
const completed = (job: JobId): JobEvent => ({
  type: "JobCompleted",
  job,
  node: "n1" as NodeId,
  site: "site-x" as SiteId,
  attempt: 1,
  token: { epoch: 1, version: 1 as Version },
  outputs: [],
  pictures: [{ digest: picture, seriesInstanceUid: "1.2", title: "MIP" }],
  engine: "cpu",
  computeMs: 1,
  remarks: [],
});
const superseded: JobEvent = { type: "JobSuperseded", job: shared, by: shared, bySite: "site-a" as SiteId };

async function write(log: EventLog, atMs: number, ...events: readonly JobEvent[]): Promise<void> {
  for (const event of events) {
    const stream = jobStream(event.job);
    const expected = (await log.read(stream)).at(-1)?.version ?? "none";
    const context = { atMs, site: "test", actor: "test" };
    await log.append(stream, [{ eventId: randomUUID() as Uuid, context, event }], expected);
  }
}

async function modelOf(log: EventLog) {
  const model = openReadModel();
  onTestFinished(model.close);
  await catchUpReadModel(log, model);
  return model;
}

async function joined() {
  const [here, there] = [memoryLog(), memoryLog()];
  await write(here, 1, requested(shared), requested(ours));
  await write(there, 2, requested(shared), completed(shared), superseded, requested(theirs));
  const delivery = deliveryIdOf(theirs, "pacs");
  const event = {
    type: "DeliveryRequested",
    delivery,
    job: theirs,
    study,
    destination: "pacs",
    site: "site-x" as SiteId,
    objects: [],
  } as const;
  const context = { atMs: 3, site: "test", actor: "test" };
  const eventId = randomUUID() as Uuid;
  await there.append(deliveryStream(delivery), [{ eventId, context, event }], "none");
  const copies = new Map([["site-x", await modelOf(there)]]);
  return joinedModels(await modelOf(here), copies);
}

test("the jobs of all ledgers are one list, each named by its home, the superseded one as such", async () => {
  const { jobs, jobCounts } = await joined();
  const told = (list: ReturnType<typeof jobs>) =>
    list.map(({ home, job, status }) => `${home ?? "here"} ${job.at(-1)} ${status}`);
  expect(told(jobs())).toEqual([
    "site-x 3 waiting",
    "site-x 1 superseded",
    "here 2 waiting",
    "here 1 waiting",
  ]);
  expect(told(jobs({ limit: 1 }))).toEqual(["site-x 3 waiting"]);
  expect(told(jobs({ status: "superseded" }))).toEqual(["site-x 1 superseded"]);
  expect(jobCounts()).toEqual({ waiting: 3, superseded: 1 });
});

test("a job is shown from its home, with what other ledgers hold of it", async () => {
  const { job, hasPicture } = await joined();
  expect(job(shared)).toMatchObject({
    job: { home: null, status: "waiting" },
    elsewhere: [{ home: "site-x", status: "superseded", reason: "the completion of site-a counts instead" }],
  });
  const far = job(theirs);
  expect(far).toMatchObject({
    job: { home: "site-x" },
    elsewhere: [],
    deliveries: [{ destination: "pacs" }],
  });
  expect(far?.events.map(({ stream }) => stream.kind)).toEqual(["job", "delivery"]);
  expect(job("30000000-0000-5000-8000-000000000001" as JobId)).toBeUndefined();
  expect([picture, digestOf("another")].map(hasPicture)).toEqual([true, false]);
});
