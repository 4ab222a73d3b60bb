/** One event of every type with every field that it can have: what the golden files hold, and a test that needs any event. */
import type { EventType, LedgerEvent } from "./events.ts";
import type { StoredObject } from "./events/stored-object.ts";

type DeepRequired<T> = T extends readonly (infer Item)[]
  ? readonly DeepRequired<Item>[]
  : T extends string | number | boolean | null
    ? T
    : { readonly [Key in keyof T]-?: DeepRequired<Exclude<T[Key], undefined>> };

/** A new optional field makes this stop compiling, which is the reminder to freeze it. `parameters` and `view` are any JSON. */
type Complete<Event> = Event extends { readonly parameters: unknown } | { readonly view: unknown }
  ? Required<Event>
  : DeepRequired<Event>;
type Samples = { readonly [Type in EventType]: Complete<Extract<LedgerEvent, { type: Type }>> };

const uuid = (digit: number) => `00000000-0000-5000-8000-00000000000${digit}` as never;
const digest = (digit: string) => digit.repeat(64) as never;
const [study, job, delivery, otherJob] = [uuid(1), uuid(2), uuid(3), uuid(4)];
const [session, subject, otherSubject] = [uuid(5), uuid(6), uuid(8)];
const [site, node] = ["site-a" as never, "a1" as never];

const object: StoredObject = {
  digest: digest("a"),
  bytes: 524_288,
  sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
  sopInstanceUid: "2.25.11",
  seriesInstanceUid: "2.25.1",
  transferSyntaxUid: "1.2.840.10008.1.2.1",
};

export const sampleEvents: Samples = {
  StudyObjectsReceived: {
    type: "StudyObjectsReceived",
    study,
    studyInstanceUid: "2.25.100",
    objects: [object],
  },
  StudyObjectRevised: { type: "StudyObjectRevised", study, object, replaces: digest("b") },
  StudyObjectQuarantined: { type: "StudyObjectQuarantined", study, object, conflictsWith: digest("b") },
  StudySettled: {
    type: "StudySettled",
    study,
    revision: 1,
    series: [
      {
        seriesInstanceUid: "2.25.1",
        modality: "CT",
        objectCount: 3,
        volumes: [{ plan: digest("c"), slices: 2, findings: ["GANTRY_TILT"] }],
        leftOut: [{ sopInstanceUid: "2.25.13", code: "SCOUT", reason: "It is a scout." }],
      },
    ],
  },
  StudyRuled: {
    type: "StudyRuled",
    study,
    revision: 1,
    decisions: [
      {
        plan: digest("c"),
        application: "mpr",
        applicationVersion: "1",
        jobs: [job],
        refused: { code: "IRREGULAR_SPACING", reason: "The spacing is irregular." },
      },
    ],
  },
  StudyReopened: { type: "StudyReopened", study, revision: 1 },
  StudyObjectsReplicated: {
    type: "StudyObjectsReplicated",
    study,
    site,
    digests: [digest("a")],
    derived: [digest("d")],
  },
  JobRequested: {
    type: "JobRequested",
    job,
    study,
    application: "mpr",
    applicationVersion: "1",
    parameters: { planes: ["coronal"], thicknessMm: 2.5 },
    plan: digest("c"),
    otherPlans: [digest("e")],
    inputSite: site,
    inputBytes: 524_288,
    needBytes: 1_048_576,
    priority: "urgent",
    deadlineAtMs: 1_700_000_060_000,
  },
  JobClaimed: {
    type: "JobClaimed",
    job,
    node,
    site,
    attempt: 1,
    incarnation: "first",
    epoch: 2,
    aheadMs: 1_200,
  },
  JobAttemptFailed: {
    type: "JobAttemptFailed",
    job,
    node,
    attempt: 1,
    code: "OUT_OF_MEMORY",
    reason: "It does not fit.",
    final: false,
  },
  JobReleased: { type: "JobReleased", job, node, attempt: 1, reason: "input-away" },
  JobCompleted: {
    type: "JobCompleted",
    job,
    node,
    site,
    attempt: 1,
    token: { epoch: 2, version: 42 as never },
    outputs: [object],
    pictures: [{ digest: digest("d"), seriesInstanceUid: "2.25.1", title: "coronal" }],
    engine: "gpu.js/webasm",
    computeMs: 120.5,
    remarks: ["The gantry tilt was corrected."],
  },
  JobDeadLettered: { type: "JobDeadLettered", job, code: "ATTEMPTS_EXHAUSTED", reason: "Three times." },
  JobCancelled: { type: "JobCancelled", job, reason: "Not wanted." },
  JobRetried: { type: "JobRetried", job, reason: "The disk was made larger." },
  JobSuperseded: { type: "JobSuperseded", job, by: otherJob, bySite: site },
  DeliveryRequested: {
    type: "DeliveryRequested",
    delivery,
    job,
    study,
    destination: "pacs",
    site,
    objects: [object],
  },
  DeliveryFailed: {
    type: "DeliveryFailed",
    delivery,
    attempt: 1,
    code: "PACS_UNREACHABLE",
    reason: "No answer.",
    nextAtMs: 1_700_000_001_000,
  },
  Delivered: { type: "Delivered", delivery, attempt: 2, receipt: "1 object" },
  DeliveryRetried: { type: "DeliveryRetried", delivery, reason: "The PACS has room again." },
  NodeJoined: {
    type: "NodeJoined",
    node,
    site,
    slots: 1,
    engine: "webasm",
    memoryBytes: 2_147_483_648,
    incarnation: "first",
  },
  NodeSelfTested: {
    type: "NodeSelfTested",
    node,
    site,
    kernels: [
      {
        kernel: "render",
        engine: "gpu.js/cpu (fallback from webasm: no SIMD)",
        ok: false,
        worst: 17,
        tolerance: 2,
        reason: "The driver is gone.",
      },
    ],
  },
  NodeDraining: { type: "NodeDraining", node, site, reason: "New memory." },
  NodeResumed: { type: "NodeResumed", node, site },
  NodeLost: { type: "NodeLost", node, site, silentMs: 1_500, incarnation: "first" },
  NodeLeft: { type: "NodeLeft", node, site },
  SessionOpened: {
    type: "SessionOpened",
    session,
    study,
    application: "mpr",
    owner: subject,
    host: { node, site },
    standby: { node: "b1" as never, site: "site-b" as never },
    epoch: 1,
  },
  SessionViewSaved: { type: "SessionViewSaved", session, epoch: 1, view: { windowCenter: 40 } },
  SessionAnnotated: {
    type: "SessionAnnotated",
    session,
    epoch: 1,
    annotation: uuid(7),
    body: digest("e"),
  },
  SessionMoved: {
    type: "SessionMoved",
    session,
    epoch: 2,
    host: { node: "b1" as never, site: "site-b" as never },
    standby: { node, site },
    reason: "site-lost",
  },
  SessionClosed: { type: "SessionClosed", session, epoch: 2, reason: "by-user" },
  SiteJoined: { type: "SiteJoined", site, mode: "member", safety: "safe-2" },
  SiteLost: { type: "SiteLost", site, by: "site-b" as never, silentMs: 2_000 },
  SiteReturned: { type: "SiteReturned", site },
  SiteLeft: { type: "SiteLeft", site },
  AccessGranted: { type: "AccessGranted", subject, role: "radiologist", site, by: otherSubject },
  AccessRevoked: {
    type: "AccessRevoked",
    subject,
    role: "radiologist",
    site,
    by: otherSubject,
    reason: "Left the department.",
  },
  SignedIn: { type: "SignedIn", note: uuid(9), subject, roles: ["radiologist", "auditor"], site },
  SignedOut: { type: "SignedOut", note: uuid(9), subject, site, reason: "provider" },
  AccessRefused: {
    type: "AccessRefused",
    note: uuid(9),
    subject,
    operation: "nodes.drain",
    site,
    reason: "OTHER_SITE",
  },
  LedgerAdopted: { type: "LedgerAdopted", epoch: 2, tail: 40, remembered: 42, report: digest("f") },
};
