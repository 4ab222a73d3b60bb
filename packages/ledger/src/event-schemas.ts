/**
 * The stored shape of every event, one schema each. Strict both ways: a field that is not here is neither written nor read.
 * To change a shape: change the type in events.ts and the schema here, add an upcaster from the old shape
 * (`upcasters.ts`, which raises the schema version), and a golden file for the new version.
 */
import { isDigest, isName, isUuid } from "@releve/domain/ids";
import type {
  DeliveryId,
  Digest,
  JobId,
  NodeId,
  SessionId,
  SiteId,
  StudyId,
  SubjectId,
  Uuid,
} from "@releve/domain/ids";
import { z } from "zod";
import { accessRoles, jobPriorities, releaseReasons, type EventType, type LedgerEvent } from "./events.ts";
import type { StreamKind, Version } from "./event-log.ts";

const isText =
  (test: (text: string) => boolean) =>
  (value: unknown): boolean =>
    typeof value === "string" && test(value);

const uuid = <Id extends Uuid | StudyId | JobId | DeliveryId | SessionId | SubjectId>() =>
  z.custom<Id>(isText(isUuid), "not a UUID");
const digest = z.custom<Digest>(isText(isDigest), "not a SHA-256 digest");
const node = z.custom<NodeId>(isText(isName), "not a node name");
const site = z.custom<SiteId>(isText(isName), "not a site name");
const study = uuid<StudyId>();
const job = uuid<JobId>();
const delivery = uuid<DeliveryId>();
const session = uuid<SessionId>();
const subject = uuid<SubjectId>();
const count = z.int().nonnegative();
const attempt = z.int().positive();
const epoch = z.int().positive();
const token = z.strictObject({
  epoch,
  version: z.custom<Version>(
    (value) => Number.isSafeInteger(value) && (value as number) >= 0,
    "not a version",
  ),
});
const host = z.strictObject({ node, site });
const incarnation = z.string().exactOptional();

const storedObject = z.strictObject({
  digest,
  bytes: count,
  sopClassUid: z.string(),
  sopInstanceUid: z.string(),
  seriesInstanceUid: z.string(),
  transferSyntaxUid: z.string(),
});
const picture = z.strictObject({ digest, seriesInstanceUid: z.string(), title: z.string() });

const settledSeries = z.strictObject({
  seriesInstanceUid: z.string(),
  modality: z.string(),
  objectCount: count,
  volumes: z.array(z.strictObject({ plan: digest, slices: count, findings: z.array(z.string()) })),
  leftOut: z.array(z.strictObject({ sopInstanceUid: z.string(), code: z.string(), reason: z.string() })),
});

const ruleDecision = z.strictObject({
  plan: digest,
  application: z.string(),
  applicationVersion: z.string(),
  jobs: z.array(job),
  refused: z.strictObject({ code: z.string(), reason: z.string() }).exactOptional(),
});

const event = <Type extends EventType, Shape extends z.core.$ZodLooseShape>(type: Type, shape: Shape) =>
  z.strictObject({ type: z.literal(type), ...shape });

export const eventSchemas = {
  StudyObjectsReceived: event("StudyObjectsReceived", {
    study,
    studyInstanceUid: z.string(),
    objects: z.array(storedObject),
  }),
  StudyObjectRevised: event("StudyObjectRevised", { study, object: storedObject, replaces: digest }),
  StudyObjectQuarantined: event("StudyObjectQuarantined", {
    study,
    object: storedObject,
    conflictsWith: digest,
  }),
  StudySettled: event("StudySettled", { study, revision: count, series: z.array(settledSeries) }),
  StudyRuled: event("StudyRuled", { study, revision: count, decisions: z.array(ruleDecision) }),
  StudyReopened: event("StudyReopened", { study, revision: count }),
  StudyObjectsReplicated: event("StudyObjectsReplicated", {
    study,
    site,
    digests: z.array(digest),
    derived: z.array(digest).exactOptional(),
  }),

  JobRequested: event("JobRequested", {
    job,
    study,
    application: z.string(),
    applicationVersion: z.string(),
    parameters: z.json(),
    plan: digest,
    otherPlans: z.array(digest).exactOptional(),
    inputSite: site,
    inputBytes: count,
    needBytes: count,
    priority: z.enum(jobPriorities),
    deadlineAtMs: z.number().nullable(),
  }),
  JobClaimed: event("JobClaimed", {
    job,
    node,
    site,
    attempt,
    incarnation,
    epoch,
    aheadMs: z.number().nonnegative(),
  }),
  JobAttemptFailed: event("JobAttemptFailed", {
    job,
    node,
    attempt,
    code: z.string(),
    reason: z.string(),
    final: z.boolean(),
  }),
  JobReleased: event("JobReleased", {
    job,
    node,
    attempt,
    reason: z.enum(releaseReasons),
  }),
  JobCompleted: event("JobCompleted", {
    job,
    node,
    site,
    attempt,
    token,
    outputs: z.array(storedObject),
    pictures: z.array(picture),
    engine: z.string(),
    computeMs: z.number().nonnegative(),
    remarks: z.array(z.string()),
  }),
  JobDeadLettered: event("JobDeadLettered", { job, code: z.string(), reason: z.string() }),
  JobCancelled: event("JobCancelled", { job, reason: z.string() }),
  JobRetried: event("JobRetried", { job, reason: z.string() }),
  JobSuperseded: event("JobSuperseded", { job, by: job, bySite: site.nullable() }),

  DeliveryRequested: event("DeliveryRequested", {
    delivery,
    job,
    study,
    destination: z.string(),
    site,
    objects: z.array(storedObject),
  }),
  DeliveryFailed: event("DeliveryFailed", {
    delivery,
    attempt,
    code: z.string(),
    reason: z.string(),
    nextAtMs: z.number().nullable(),
  }),
  Delivered: event("Delivered", { delivery, attempt, receipt: z.string() }),
  DeliveryRetried: event("DeliveryRetried", { delivery, reason: z.string() }),

  NodeJoined: event("NodeJoined", {
    node,
    site,
    slots: count,
    engine: z.string(),
    memoryBytes: count.nullable(),
    incarnation,
  }),
  NodeSelfTested: event("NodeSelfTested", {
    node,
    site,
    kernels: z.array(
      z.object({
        kernel: z.string(),
        engine: z.string(),
        ok: z.boolean(),
        worst: z.number().nonnegative().nullable(),
        tolerance: z.number().nonnegative(),
        reason: z.string().nullable(),
      }),
    ),
  }),
  NodeDraining: event("NodeDraining", { node, site, reason: z.string() }),
  NodeResumed: event("NodeResumed", { node, site }),
  NodeLost: event("NodeLost", { node, site, silentMs: z.number().nonnegative(), incarnation }),
  NodeLeft: event("NodeLeft", { node, site }),

  SessionOpened: event("SessionOpened", {
    session,
    study,
    application: z.string(),
    owner: subject,
    host,
    standby: host.nullable(),
    epoch,
  }),
  SessionViewSaved: event("SessionViewSaved", { session, epoch, view: z.json() }),
  SessionAnnotated: event("SessionAnnotated", {
    session,
    epoch,
    annotation: uuid<Uuid>(),
    body: digest.nullable(),
  }),
  SessionMoved: event("SessionMoved", {
    session,
    epoch,
    host,
    standby: host.nullable(),
    reason: z.enum(["node-lost", "site-lost", "drain", "rebalance"]),
  }),
  SessionClosed: event("SessionClosed", { session, epoch, reason: z.enum(["by-user", "idle", "revoked"]) }),

  SiteJoined: event("SiteJoined", {
    site,
    mode: z.enum(["member", "autonomous"]),
    safety: z.enum(["local", "safe-2"]),
  }),
  SiteLost: event("SiteLost", { site, by: site, silentMs: z.number().nonnegative() }),
  SiteReturned: event("SiteReturned", { site }),
  SiteLeft: event("SiteLeft", { site }),

  AccessGranted: event("AccessGranted", {
    subject,
    role: z.enum(accessRoles),
    site: site.nullable(),
    by: subject,
  }),
  AccessRevoked: event("AccessRevoked", {
    subject,
    role: z.enum(accessRoles),
    site: site.nullable(),
    by: subject,
    reason: z.string(),
  }),

  LedgerAdopted: event("LedgerAdopted", {
    epoch,
    tail: count,
    remembered: count,
    report: digest.nullable(),
  }),
} satisfies { readonly [Type in EventType]: z.ZodType<Extract<LedgerEvent, { type: Type }>> };

export const contextSchema = z.strictObject({
  atMs: z.number(),
  site: z.string(),
  actor: z.string(),
  cause: uuid<Uuid>().exactOptional(),
  correlation: uuid<Uuid>().exactOptional(),
});

/** The kind of stream that each event belongs to; an event in another stream is a bug of its writer. */
export const kindOfEvent: { readonly [Type in EventType]: StreamKind } = {
  StudyObjectsReceived: "study",
  StudyObjectRevised: "study",
  StudyObjectQuarantined: "study",
  StudySettled: "study",
  StudyRuled: "study",
  StudyReopened: "study",
  JobRequested: "job",
  JobClaimed: "job",
  JobAttemptFailed: "job",
  JobReleased: "job",
  JobCompleted: "job",
  JobDeadLettered: "job",
  JobCancelled: "job",
  JobSuperseded: "job",
  DeliveryRequested: "delivery",
  DeliveryFailed: "delivery",
  Delivered: "delivery",
  NodeJoined: "node",
  NodeLost: "node",
  NodeLeft: "node",
  NodeSelfTested: "node",
  NodeDraining: "node",
  NodeResumed: "node",
  StudyObjectsReplicated: "study",
  JobRetried: "job",
  DeliveryRetried: "delivery",
  SessionOpened: "session",
  SessionViewSaved: "session",
  SessionAnnotated: "session",
  SessionMoved: "session",
  SessionClosed: "session",
  SiteJoined: "site",
  SiteLost: "site",
  SiteReturned: "site",
  SiteLeft: "site",
  AccessGranted: "access",
  AccessRevoked: "access",
  LedgerAdopted: "ledger",
};

export const isEventType = (text: string): text is EventType => Object.hasOwn(eventSchemas, text);
