/**
 * Commands of every decider from a small world, so that random histories meet themselves: few ids, few versions, and
 * tokens, epochs and versions that are mostly right and sometimes old. `(state) => command`: what is right is in the state.
 */
import { digestOf, studyIdOf, type NodeId, type SiteId, type SubjectId, type Uuid } from "@releve/domain/ids";
import fc from "fast-check";
import type { Version } from "../event-log.ts";
import type { Token } from "../events/job.ts";
import type { StoredObject } from "../events/stored-object.ts";
import { sampleEvents } from "../golden.fixture.ts";
import type { AccessCommand, AccessState, Grant } from "./access.ts";
import type { AdoptionCommand, AdoptionState } from "./adoption.ts";
import type { DeliveryCommand, DeliveryState } from "./delivery.ts";
import type { JobCommand, JobState } from "./job.ts";
import type { NodeCommand, NodeState } from "./node.ts";
import type { SessionCommand, SessionState } from "./session.ts";
import type { SiteCommand, SiteState } from "./site.ts";
import type { StudyCommand, StudyState } from "./study.ts";

/** A command, as a function of the state that its writer meets. */
export type Step<State, Command> = (state: State) => Command;
type Steps<State, Command> = fc.Arbitrary<Step<State, Command>>;

const pick = <Value>(...values: readonly Value[]): fc.Arbitrary<Value> => fc.constantFrom(...values);
const uuid = (digit: number) => `00000000-0000-5000-8000-00000000000${digit}` as Uuid;
const site = pick("site-a" as SiteId, "site-b" as SiteId);
const node = pick("a1" as NodeId, "a2" as NodeId);
const incarnation = pick("first", "second");
/** 0: as the state has it; 1: one less; -1: one more. */
const offBy = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: pick(1, -1) });

/** One of the arbitraries, whose values each give one kind of step. */
const step = <Value, State, Command>(
  values: fc.Arbitrary<Value>,
  make: (value: Value, state: State) => Command,
): Steps<State, Command> => values.map((value) => (state: State) => make(value, state));

// ---- Job

const { type: _job, ...jobRequest } = sampleEvents.JobRequested;
const oldToken: Token = { epoch: 1, version: 1 as Version };
const tokenOf = (state: JobState, old: boolean): Token =>
  state.status === "claimed" && !old ? state.token : oldToken;
const isOld = fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true));
const result = { outputs: [], pictures: [], engine: "gpu.js/webasm", computeMs: 5, remarks: [] };

export const jobSteps: Steps<JobState, JobCommand> = fc.oneof(
  step(fc.constant(0), (): JobCommand => ({ type: "request", request: jobRequest })),
  step(
    fc.record({ node, site, incarnation, epoch: pick(1, 2), aheadMs: pick(0, 900) }),
    (claimant): JobCommand => ({ type: "claim", ...claimant }),
  ),
  step(fc.tuple(isOld, fc.boolean()), ([old, final], state: JobState): JobCommand => ({
    type: "failAttempt",
    token: tokenOf(state, old),
    code: "DISK",
    reason: "full",
    final,
  })),
  step(
    fc.tuple(isOld, pick("node-lost" as const, "drain" as const, "input-away" as const)),
    ([old, reason], state: JobState): JobCommand => ({ type: "release", token: tokenOf(state, old), reason }),
  ),
  step(isOld, (old, state: JobState): JobCommand => ({
    type: "complete",
    token: tokenOf(state, old),
    ...result,
  })),
  step(
    pick<JobCommand>(
      { type: "cancel", reason: "not wanted" },
      { type: "deadLetter", code: "POISON", reason: "takes nodes down" },
      { type: "retry", reason: "mended" },
      { type: "supersede", by: jobRequest.job, bySite: "site-a" as SiteId },
    ),
    (command) => command,
  ),
);

// ---- Delivery

const { type: _delivery, ...deliveryRequest } = sampleEvents.DeliveryRequested;
const attemptAfter = (state: DeliveryState, off: number): number =>
  Math.max(1, (state.status === "none" ? 0 : state.attempts) + 1 - off);

export const deliverySteps: Steps<DeliveryState, DeliveryCommand> = fc.oneof(
  step(fc.constant(0), (): DeliveryCommand => ({ type: "request", request: deliveryRequest })),
  step(fc.tuple(offBy, fc.boolean()), ([off, final], state: DeliveryState): DeliveryCommand => ({
    type: "fail",
    attempt: attemptAfter(state, off),
    code: "PACS_UNREACHABLE",
    reason: "no answer",
    nowMs: 10_000,
    final,
  })),
  step(offBy, (off, state: DeliveryState): DeliveryCommand => ({
    type: "deliver",
    attempt: attemptAfter(state, off),
    receipt: "ok",
  })),
  step(fc.constant(0), (): DeliveryCommand => ({ type: "retry", reason: "mended" })),
);

// ---- Study

const study = studyIdOf("1.2");
const object = fc
  .record({ number: fc.nat(4), revision: fc.nat(2) })
  .map(({ number, revision }): StoredObject => ({
    ...sampleEvents.StudyObjectRevised.object,
    digest: digestOf(`${number} ${revision}`),
    sopInstanceUid: `1.2.1.${number}`,
  }));
const objects = fc.array(object, { maxLength: 4 });
const digestsOf = (stored: readonly StoredObject[]) => stored.map(({ digest }) => digest);

export const studySteps: Steps<StudyState, StudyCommand> = fc.oneof(
  step(objects, (received): StudyCommand => ({
    type: "receive",
    study,
    studyInstanceUid: "1.2",
    objects: received,
  })),
  step(fc.tuple(object, object), ([revised, { digest }]): StudyCommand => ({
    type: "revise",
    object: revised,
    replaces: digest,
  })),
  step(fc.tuple(object, object), ([other, { digest }]): StudyCommand => ({
    type: "quarantine",
    object: other,
    conflictsWith: digest,
  })),
  step(fc.tuple(site, objects, objects), ([at, held, derived]): StudyCommand => ({
    type: "replicate",
    site: at,
    digests: digestsOf(held),
    derived: digestsOf(derived),
  })),
  step(offBy, (off, state: StudyState): StudyCommand => ({
    type: "settle",
    objectsVersion: (state.status === "none" ? 1 : state.objectsVersion - off) as Version,
    series: [],
  })),
  step(offBy, (off, state: StudyState): StudyCommand => ({
    type: "rule",
    revision: (state.status === "none" ? 1 : state.revision) - off,
    decisions: [],
  })),
);

// ---- Session

const host = fc.record({ node, site });
const epochOf = (state: SessionState, off: number): number =>
  Math.max(1, (state.status === "none" ? 1 : state.epoch) - off);

export const sessionSteps: Steps<SessionState, SessionCommand> = fc.oneof(
  step(
    fc.record({ host, standby: fc.option(host), application: pick("mpr", "mpr", "mip") }),
    (place): SessionCommand => ({
      type: "open",
      session: uuid(1),
      study,
      owner: uuid(2) as SubjectId,
      ...place,
    }),
  ),
  step(fc.tuple(offBy, fc.nat(3)), ([off, slab], state: SessionState): SessionCommand => ({
    type: "saveView",
    epoch: epochOf(state, off),
    view: { slab },
  })),
  step(
    fc.tuple(offBy, fc.nat(3), fc.option(pick(digestOf("a"), digestOf("b")))),
    ([off, number, body], state: SessionState): SessionCommand => ({
      type: "annotate",
      epoch: epochOf(state, off),
      annotation: uuid(number),
      body,
    }),
  ),
  step(fc.tuple(offBy, host, fc.option(host)), ([off, to, standby], state: SessionState): SessionCommand => ({
    type: "move",
    expectedEpoch: epochOf(state, off),
    host: to,
    standby,
    reason: "node-lost",
  })),
  step(offBy, (off, state: SessionState): SessionCommand => ({
    type: "close",
    epoch: epochOf(state, off),
    reason: "idle",
  })),
);

// ---- Node, site, access, adoption

export const nodeSteps: Steps<NodeState, NodeCommand> = fc.oneof(
  step(incarnation, (which): NodeCommand => ({
    type: "join",
    node: "a1" as NodeId,
    site: "site-a" as SiteId,
    incarnation: which,
    slots: 1,
    engine: "gpu.js/webasm",
    memoryBytes: null,
    kernels: [{ kernel: "render", engine: "gpu.js/cpu", ok: false, worst: 9, tolerance: 2, reason: null }],
  })),
  step(incarnation, (which): NodeCommand => ({ type: "lose", incarnation: which, silentMs: 1_500 })),
  step(incarnation, (which): NodeCommand => ({ type: "leave", incarnation: which })),
  step(pick<NodeCommand>({ type: "drain", reason: "new memory" }, { type: "resume" }), (command) => command),
);

export const siteSteps: Steps<SiteState, SiteCommand> = fc.oneof(
  step(
    fc.record({
      mode: pick("member" as const, "autonomous" as const),
      safety: pick("local" as const, "safe-2" as const),
    }),
    (facts): SiteCommand => ({ type: "join", site: "site-a" as SiteId, ...facts }),
  ),
  step(site, (by): SiteCommand => ({ type: "lose", by, silentMs: 1_500 })),
  step(pick<SiteCommand>({ type: "return" }, { type: "leave" }), (command) => command),
);

const grant: fc.Arbitrary<Grant> = fc.record({
  role: pick("admin" as const, "radiologist" as const),
  site: fc.option(site),
});
const rights = fc.record({
  given: grant,
  held: fc.array(grant, { maxLength: 2 }),
  otherAdmins: fc.nat(1),
});
const [subject, by] = [uuid(1) as SubjectId, uuid(2) as SubjectId];

export const accessSteps: Steps<AccessState, AccessCommand> = fc.oneof(
  step(rights, ({ given, held }): AccessCommand => ({ type: "grant", subject, ...given, by, held })),
  step(rights, ({ given, held, otherAdmins }): AccessCommand => ({
    type: "revoke",
    ...given,
    by,
    held,
    otherAdmins,
    reason: "has left",
  })),
  step(fc.nat(1), (otherAdmins): AccessCommand => ({ type: "bootstrap", subject, otherAdmins })),
  step(
    fc.tuple(fc.nat(2), pick("SignedIn" as const, "SignedOut" as const, "AccessRefused" as const)),
    ([digit, type]): AccessCommand => ({
      type: "note",
      happened: { ...sampleEvents[type], note: uuid(digit), subject },
    }),
  ),
);

export const adoptionSteps: Steps<AdoptionState, AdoptionCommand> = step(
  fc.tuple(offBy, fc.nat(3)),
  ([off, tail], state): AdoptionCommand => ({
    type: "adopt",
    expectedEpoch: Math.max(1, state.epoch - off),
    tail,
    remembered: 4,
    report: null,
  }),
);
