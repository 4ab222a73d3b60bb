/** One event of every type with every field that it can have: what the golden files hold, and a test that needs any event. */
import type { EventType, LedgerEvent, StoredObject } from "./events.ts";

type DeepRequired<T> = T extends readonly (infer Item)[]
  ? readonly DeepRequired<Item>[]
  : T extends string | number | boolean | null
    ? T
    : { readonly [Key in keyof T]-?: DeepRequired<Exclude<T[Key], undefined>> };

/** A new optional field makes this stop compiling, which is the reminder to freeze it. `parameters` is any JSON. */
type Complete<Event> = Event extends { readonly parameters: unknown } ? Required<Event> : DeepRequired<Event>;
type Samples = { readonly [Type in EventType]: Complete<Extract<LedgerEvent, { type: Type }>> };

const uuid = (digit: number) => `00000000-0000-5000-8000-00000000000${digit}` as never;
const digest = (digit: string) => digit.repeat(64) as never;
const [study, job, delivery, otherJob] = [uuid(1), uuid(2), uuid(3), uuid(4)];
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
  JobRequested: {
    type: "JobRequested",
    job,
    study,
    application: "mpr",
    applicationVersion: "1",
    parameters: { planes: ["coronal"], thicknessMm: 2.5 },
    plan: digest("c"),
    inputSite: site,
    inputBytes: 524_288,
  },
  JobClaimed: { type: "JobClaimed", job, node, site, attempt: 1, incarnation: "first" },
  JobAttemptFailed: {
    type: "JobAttemptFailed",
    job,
    node,
    attempt: 1,
    code: "OUT_OF_MEMORY",
    reason: "It does not fit.",
    final: false,
  },
  JobReleased: { type: "JobReleased", job, node, attempt: 1, reason: "node-lost" },
  JobCompleted: {
    type: "JobCompleted",
    job,
    node,
    site,
    attempt: 1,
    token: 42,
    outputs: [object],
    pictures: [{ digest: digest("d"), seriesInstanceUid: "2.25.1", title: "coronal" }],
    engine: "gpu.js/webasm",
    computeMs: 120.5,
    remarks: ["The gantry tilt was corrected."],
  },
  JobDeadLettered: { type: "JobDeadLettered", job, code: "ATTEMPTS_EXHAUSTED", reason: "Three times." },
  JobCancelled: { type: "JobCancelled", job, reason: "Not wanted." },
  JobSuperseded: { type: "JobSuperseded", job, by: otherJob },
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
  NodeJoined: { type: "NodeJoined", node, site, slots: 1, engine: "webasm", incarnation: "first" },
  NodeLost: { type: "NodeLost", node, site, silentMs: 1_500, incarnation: "first" },
  NodeLeft: { type: "NodeLeft", node, site },
};
