/** The evidence of a run in which everything went well: two objects in, one job that moved once, one result, delivered. */
import {
  digestOf,
  type Digest,
  type JobId,
  type NodeId,
  type SiteId,
  type StudyId,
  type Uuid,
} from "@releve/domain/ids";
import type { Commit, Position, StreamId, Version } from "@releve/ledger/event-log";
import type { LedgerEvent } from "@releve/ledger/events";
import type { JobEvent } from "@releve/ledger/events/job";
import type { StoredObject } from "@releve/ledger/events/stored-object";
import type { RunEvidence } from "./run-evidence.ts";

export const study = "00000000-0000-5000-8000-0000000000aa" as Uuid as StudyId;
const job = "00000000-0000-5000-8000-0000000000bb" as Uuid as JobId;
const session: StreamId = { kind: "session", id: "00000000-0000-5000-8000-0000000000cc" as Uuid };
const jobStream: StreamId = { kind: "job", id: job };

export const objectOf = (name: string): StoredObject => ({
  digest: digestOf(name),
  bytes: 1,
  sopClassUid: "1.2",
  sopInstanceUid: `1.2.${name.length}`,
  seriesInstanceUid: "1.2.3",
  transferSyntaxUid: "1.2.840.10008.1.2.1",
});

export const received = [objectOf("a"), objectOf("bb")];
export const output = objectOf("ccc");

export const commitAt = (position: number, stream: StreamId, ...events: readonly unknown[]): Commit => ({
  stream,
  version: position as Version,
  position: position as Position,
  events: events.map((event, index) => ({
    eventId: `00000000-0000-4000-8000-${String(position * 10 + index).padStart(12, "0")}` as Uuid,
    schema: 1,
    context: { atMs: position, site: "site-a", actor: "test" },
    event: event as LedgerEvent,
  })),
});

export const jobEvent = (event: object): JobEvent => ({ job, ...event }) as JobEvent;
export const claim = (node: string, attempt: number) =>
  jobEvent({
    type: "JobClaimed",
    node: node as NodeId,
    site: "site-a" as SiteId,
    attempt,
    epoch: 1,
    aheadMs: 0,
  });
export const completion = (node: string, version: number, outputs: readonly StoredObject[] = [output]) =>
  jobEvent({ type: "JobCompleted", node, token: { epoch: 1, version }, outputs });

export const jobCommitAt = (position: number, event: JobEvent): Commit =>
  commitAt(position, jobStream, event);

const commits: readonly Commit[] = [
  commitAt(1, { kind: "study", id: study }, { type: "StudyObjectsReceived", study, objects: received }),
  commitAt(2, session, { type: "SessionViewSaved" }),
  jobCommitAt(3, jobEvent({ type: "JobRequested", study })),
  jobCommitAt(4, claim("a1", 1)),
  jobCommitAt(5, jobEvent({ type: "JobReleased", node: "a1", attempt: 1, reason: "node-lost" })),
  jobCommitAt(6, claim("b1", 2)),
  jobCommitAt(7, completion("b1", 6)),
];

const copyOf = ({
  digest,
}: StoredObject): [
  Digest,
  RunEvidence["stored"] extends ReadonlyMap<Digest, infer Copies> ? Copies : never,
] => [digest, [{ site: "site-a", bytes: digest, dataSet: digest }]];

/** Of the commits given: followers that were told of all of them. */
export const evidenceOf = (all: readonly Commit[]): RunEvidence => ({
  commits: all,
  acknowledged: [{ stream: session, version: 2 as Version, eventId: commits[1]!.events[0]!.eventId }],
  accepted: received.map(({ sopInstanceUid, digest }) => ({ study, sopInstanceUid, dataSet: digest })),
  followed: ["site-a", "site-b"].map((site) => ({
    site,
    seen: all.map(({ position, events }) => ({ position, eventIds: events.map(({ eventId }) => eventId) })),
  })),
  studies: new Set([study]),
  pacs: [{ study, sopInstanceUid: output.sopInstanceUid, dataSet: output.digest }],
  stored: new Map([...received, output].map(copyOf)),
  unfinished: [],
  readModels: [
    { of: "one", digest: digestOf("models") },
    { of: "two", digest: digestOf("models") },
  ],
});

export const goodEvidence = evidenceOf(commits);
