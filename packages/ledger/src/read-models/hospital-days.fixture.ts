/**
 * A made-up history of any length, the same from the same number: studies that come in, settle and are ruled, their jobs (one
 * in ten loses its node once, one in fifty fails for good), and each result's delivery, many at a time.
 */
import {
  deliveryIdOf,
  digestOf,
  studyIdOf,
  uuidV5,
  type Digest,
  type JobId,
  type NodeId,
  type SiteId,
  type Uuid,
} from "@releve/domain/ids";
import type { Context, NewEvent } from "../envelope.ts";
import type { EventLog, StreamId, Version } from "../event-log.ts";
import type { LedgerEvent } from "../events.ts";
import type { JobEvent } from "../events/job.ts";
import type { StoredObject } from "../events/stored-object.ts";
import { deliveryStream, jobStream, nodeStream, siteStream, studyStream } from "../streams.ts";

export type GeneratedCommit = { readonly stream: StreamId; readonly events: readonly NewEvent[] };

const namespace = "5b0e6d0c-2f43-4a0e-a0a8-8b5f2a2f9b11" as Uuid;
const sites = ["site-a", "site-b", "site-c"] as SiteId[];
const nodes = sites.flatMap((site) =>
  ["1", "2"].map((n) => ({ site, node: `${site.at(-1)}${n}` as NodeId })),
);
const studiesAtOnce = 40;
const slices = 8;
const outputs = 3;
const jobsOfStudy = 3;

type Facts = { readonly stream: StreamId; readonly events: readonly LedgerEvent[]; readonly by: string };

/** At least `eventCount` events: it ends with the studies that are under way. */
export function* hospitalDays(eventCount: number): Generator<GeneratedCommit> {
  const context = contexts();
  const counter = { written: 0 };
  const commit = ({ stream, events, by }: Facts): GeneratedCommit => ({
    stream,
    events: events.map((event) => ({
      eventId: idOf(`event ${counter.written++}`),
      context: context(by),
      event,
    })),
  });
  for (const facts of beginning()) yield commit(facts);
  let started = 0;
  const running: Iterator<Facts>[] = [];
  for (let turn = 0; counter.written < eventCount || running.length > 0; turn++) {
    if (running.length < studiesAtOnce && counter.written < eventCount) running.push(studyStory(started++));
    const place = (turn * 7) % running.length;
    const next = running[place]!.next();
    if (next.done) running.splice(place, 1);
    else yield commit(next.value);
  }
}

/** Appends it all. @returns how many events there were. */
export async function appendHospitalDays(log: EventLog, eventCount: number): Promise<number> {
  const versions = new Map<string, Version>();
  let count = 0;
  for (const { stream, events } of hospitalDays(eventCount)) {
    const outcome = await log.append(stream, events, versions.get(stream.id) ?? "none");
    if (!outcome.appended) throw new Error("somebody else wrote into the generated history");
    versions.set(stream.id, outcome.version);
    count += events.length;
  }
  return count;
}

const idOf = (name: string): Uuid => uuidV5(namespace, name);

function contexts(): (by: string) => Context {
  let atMs = 1_700_000_000_000;
  return (by) => ({ atMs: (atMs += 40), site: by.split(" ")[1] ?? "site-a", actor: by.replace(" ", ":") });
}

function* beginning(): Generator<Facts> {
  for (const site of sites)
    yield {
      stream: siteStream(site),
      events: [{ type: "SiteJoined", site, mode: "member", safety: "safe-2" }],
      by: `gateway ${site}`,
    };
  for (const { site, node } of nodes)
    yield {
      stream: nodeStream(site, node),
      events: [
        {
          type: "NodeJoined",
          site,
          node,
          slots: 1,
          engine: "gpu.js/webasm",
          memoryBytes: 2 ** 31,
          incarnation: "1",
        },
      ],
      by: `node ${site}`,
    };
}

const storedObject = (name: string): StoredObject => ({
  digest: digestOf(name),
  bytes: 524_288,
  sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
  sopInstanceUid: `2.25.${BigInt(`0x${idOf(name).replaceAll("-", "")}`)}`,
  seriesInstanceUid: "2.25.190243840923840923840923",
  transferSyntaxUid: "1.2.840.10008.1.2.1",
});
const storedObjects = (name: string, count: number): StoredObject[] =>
  Array.from({ length: count }, (_, index) => storedObject(`${name} ${index}`));

function* studyStory(number: number): Generator<Facts> {
  const studyInstanceUid = `2.25.${1_000_000 + number}`;
  const study = studyIdOf(studyInstanceUid);
  const site = sites[number % sites.length]!;
  const plan = digestOf(`plan ${number}`);
  const of = (...events: LedgerEvent[]): Facts => ({
    stream: studyStream(study),
    events,
    by: `gateway ${site}`,
  });
  const objects = storedObjects(`image ${number}`, slices);
  yield of({ type: "StudyObjectsReceived", study, studyInstanceUid, objects });
  const digests = objects.map(({ digest }) => digest);
  yield of({ type: "StudyObjectsReplicated", study, site: sites[(number + 1) % 3]!, digests });
  const volumes = [{ plan, slices, findings: [] }];
  const seriesInstanceUid = objects[0]!.seriesInstanceUid;
  const series = [{ seriesInstanceUid, modality: "CT", objectCount: slices, volumes, leftOut: [] }];
  yield of({ type: "StudySettled", study, revision: 1, series });
  const jobs = Array.from({ length: jobsOfStudy }, (_, index) => idOf(`job ${number} ${index}`));
  for (const job of jobs) yield requested(job, study, plan, site);
  const decision = { plan, application: "mpr", applicationVersion: "1", jobs };
  yield of({ type: "StudyRuled", study, revision: 1, decisions: [decision] });
  for (const [index, job] of jobs.entries()) yield* jobStory(job, study, number * jobsOfStudy + index);
}

const ofJob = (job: JobId, by: string, ...events: JobEvent[]): Facts => ({
  stream: jobStream(job),
  events,
  by,
});

const requested = (job: JobId, study: Uuid, plan: Digest, inputSite: SiteId): Facts =>
  ofJob(job, `gateway ${inputSite}`, {
    type: "JobRequested",
    job,
    study,
    application: "mpr",
    applicationVersion: "1",
    parameters: { planes: ["axial", "coronal", "sagittal"], sliceSpacingMm: 1 },
    plan,
    inputSite,
    inputBytes: 4_194_304,
    needBytes: 33_554_432,
    priority: "routine",
    deadlineAtMs: null,
  });

function* jobStory(job: JobId, study: Uuid, number: number): Generator<Facts> {
  const claim = (attempt: number): JobEvent => ({
    type: "JobClaimed",
    job,
    ...nodes[(number + attempt) % nodes.length]!,
    attempt,
    incarnation: "1",
    epoch: 1,
    aheadMs: 0,
  });
  const holder = (attempt: number) => nodes[(number + attempt) % nodes.length]!;
  let attempt = 1;
  yield ofJob(job, `node ${holder(1).site}`, claim(1));
  if (number % 10 === 3) {
    const reason = "node-lost";
    yield ofJob(job, `node ${holder(2).site}`, {
      type: "JobReleased",
      job,
      node: holder(1).node,
      attempt,
      reason,
    });
    yield ofJob(job, `node ${holder(2).site}`, claim((attempt = 2)));
  }
  const { node, site } = holder(attempt);
  if (number % 50 === 7) {
    const [code, reason] = ["SPACING_IRREGULAR", "The slices are not evenly spaced."];
    const failed: JobEvent = { type: "JobAttemptFailed", job, node, attempt, code, reason, final: true };
    yield ofJob(job, `node ${site}`, failed, { type: "JobDeadLettered", job, code, reason });
    return;
  }
  const objects = storedObjects(`result ${job}`, outputs);
  yield ofJob(job, `node ${site}`, {
    type: "JobCompleted",
    job,
    node,
    site,
    attempt,
    token: { epoch: 1, version: (number + 1) as Version },
    outputs: objects,
    pictures: [{ digest: digestOf(`picture ${job}`), seriesInstanceUid: "2.25.7", title: "axial" }],
    engine: "gpu.js/webasm",
    computeMs: 812,
    remarks: ["Trilinear interpolation"],
  });
  yield* deliveryStory(job, study, site, objects);
}

function* deliveryStory(
  job: JobId,
  study: Uuid,
  site: SiteId,
  objects: readonly StoredObject[],
): Generator<Facts> {
  const destination = "archive-dimse";
  const delivery = deliveryIdOf(job, destination);
  const stream = deliveryStream(delivery);
  const by = `gateway ${site}`;
  yield {
    stream,
    events: [{ type: "DeliveryRequested", delivery, job, study, destination, site, objects }],
    by,
  };
  const receipt = `${objects.length} of ${objects.length} objects were stored`;
  yield { stream, events: [{ type: "Delivered", delivery, attempt: 1, receipt }], by };
}
