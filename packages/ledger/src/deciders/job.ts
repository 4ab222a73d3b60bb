/**
 * A job's life:
 *
 *   none --request--> waiting --claim--> claimed --complete--> completed --supersede--> superseded
 *                        ^                 |
 *                        +--fail, release--+--(third spent attempt, or final)--> deadLettered
 *   waiting, claimed --cancel--> cancelled
 *   deadLettered, cancelled --retry--> waiting, with all attempts before it
 *
 * The ledger's epoch and the version of the claim's commit are the attempt's fencing token: whoever speaks of an attempt
 * names its token, and is refused with STALE_TOKEN as soon as anything else was written.
 */
import type { JobId, NodeId, SiteId } from "@releve/domain/ids";
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { Decider } from "../decider.ts";
import type { Version } from "../event-log.ts";
import type { JobEvent, JobRequest, ReleaseReason, Token } from "../events/job.ts";

// ---- State

type Requested = { readonly request: JobRequest };
type Tried = Requested & {
  /** Claims so far. */
  readonly attempts: number;
  /** Claims that count against `attemptsMax`: failed ones and those whose node was lost, not those given back. */
  readonly spent: number;
  /** Nodes on which an attempt failed or was lost: others go first. */
  readonly avoid: readonly NodeId[];
};

export type JobState =
  | { readonly status: "none" }
  | ({ readonly status: "waiting" } & Tried)
  | ({ readonly status: "claimed" } & Tried & Claim)
  | ({ readonly status: "completed"; readonly completion: JobCompletion } & Requested)
  | ({ readonly status: "deadLettered"; readonly code: string; readonly reason: string } & Requested)
  | ({ readonly status: "cancelled"; readonly reason: string } & Requested)
  | ({ readonly status: "superseded"; readonly by: JobId } & Requested);

export type Claim = {
  readonly node: NodeId;
  readonly site: SiteId;
  readonly incarnation?: string;
  readonly token: Token;
};
export type JobCompletion = Extract<JobEvent, { type: "JobCompleted" }>;

/** Three: one for the job, one for a node that dies under it, one to be sure that it was not chance. */
export const attemptsMax = 3;

// ---- Commands

export type JobCommand =
  | { readonly type: "request"; readonly request: JobRequest }
  | {
      readonly type: "claim";
      readonly node: NodeId;
      readonly site: SiteId;
      readonly incarnation?: string;
      /** The log's, as the claimant opened it. */
      readonly epoch: number;
      readonly aheadMs: number;
    }
  | {
      readonly type: "failAttempt";
      readonly token: Token;
      readonly code: string;
      readonly reason: string;
      /** True when another attempt cannot succeed: the job is dead-lettered at once. */
      readonly final: boolean;
    }
  | {
      readonly type: "release";
      readonly token: Token;
      readonly reason: ReleaseReason;
    }
  | ({ readonly type: "complete"; readonly token: Token } & Pick<
      JobCompletion,
      "outputs" | "pictures" | "engine" | "computeMs" | "remarks"
    >)
  | { readonly type: "cancel"; readonly reason: string }
  | { readonly type: "deadLetter"; readonly code: string; readonly reason: string }
  | { readonly type: "retry"; readonly reason: string }
  /** The completion of `by`, or of the same job at `bySite`, counts instead of this one. */
  | { readonly type: "supersede"; readonly by: JobId; readonly bySite: SiteId | null };

// ---- Decide

export function decideJob(command: JobCommand, state: JobState): readonly JobEvent[] | Refusal {
  if (command.type === "request")
    return state.status === "none" ? [{ type: "JobRequested", ...command.request }] : [];
  if (state.status === "none") return refusal("JOB_UNKNOWN", "No such job was requested.");
  return (decisions[command.type] as Decision<JobCommand>)(command, state);
}

type Decision<Command> = (command: Command, state: Known) => readonly JobEvent[] | Refusal;

/** What each command does to a known job: one that is missing here does not compile. */
const decisions: { readonly [Type in Exclude<JobCommand["type"], "request">]: Decision<Of<Type>> } = {
  claim,
  complete,
  failAttempt: (command, state) =>
    heldBy(command.token, state) ? failAttempt(command, state) : staleToken(),
  release: (command, state) => (heldBy(command.token, state) ? release(command, state) : staleToken()),
  cancel,
  deadLetter,
  retry,
  supersede,
};

type Known = Exclude<JobState, { status: "none" }>;
type Claimed = Extract<JobState, { status: "claimed" }>;
type Of<Type extends JobCommand["type"]> = Extract<JobCommand, { type: Type }>;

const isOpen = (state: Known): boolean => state.status === "waiting" || state.status === "claimed";
const sameToken = (a: Token, b: Token): boolean => a.epoch === b.epoch && a.version === b.version;
const heldBy = (token: Token, state: Known): state is Claimed =>
  state.status === "claimed" && sameToken(state.token, token);

const staleToken = (): Refusal =>
  refusal("STALE_TOKEN", "The attempt no longer holds the job: its result must not be used.");
const ended = (): Refusal => refusal("JOB_ENDED", "The job has ended.");

function claim(command: Of<"claim">, state: Known): readonly JobEvent[] | Refusal {
  const { type: _, ...claimant } = command;
  if (state.status === "waiting")
    return [{ type: "JobClaimed", job: state.request.job, attempt: state.attempts + 1, ...claimant }];
  if (state.status !== "claimed") return ended();
  const ownAlready =
    command.incarnation !== undefined &&
    state.node === command.node &&
    state.incarnation === command.incarnation &&
    state.token.epoch === command.epoch;
  return ownAlready ? [] : refusal("JOB_TAKEN", "Another node holds the job.");
}

function complete(command: Of<"complete">, state: Known): readonly JobEvent[] | Refusal {
  if (state.status === "completed" && sameToken(state.completion.token, command.token)) return [];
  if (!heldBy(command.token, state)) return staleToken();
  const { type: _, ...result } = command;
  const { node, site, attempts: attempt } = state;
  return [{ type: "JobCompleted", job: state.request.job, node, site, attempt, ...result }];
}

function failAttempt(command: Of<"failAttempt">, state: Claimed): readonly JobEvent[] {
  const { code, reason, final } = command;
  const failed: JobEvent = {
    type: "JobAttemptFailed",
    job: state.request.job,
    node: state.node,
    attempt: state.attempts,
    code,
    reason,
    final,
  };
  return final || isLastAttempt(state) ? [failed, deadLettered(state, code, reason)] : [failed];
}

function release(command: Of<"release">, state: Claimed): readonly JobEvent[] {
  const { request, node, attempts: attempt } = state;
  const released: JobEvent = {
    type: "JobReleased",
    job: request.job,
    node,
    attempt,
    reason: command.reason,
  };
  if (command.reason !== "node-lost" || !isLastAttempt(state)) return [released];
  const reason = `Each of ${attemptsMax} attempts failed or took its node down.`;
  return [released, deadLettered(state, "ATTEMPTS_EXHAUSTED", reason)];
}

function cancel({ reason }: Of<"cancel">, state: Known): readonly JobEvent[] | Refusal {
  if (state.status === "cancelled") return [];
  return isOpen(state) ? [{ type: "JobCancelled", job: state.request.job, reason }] : ended();
}

function deadLetter({ code, reason }: Of<"deadLetter">, state: Known): readonly JobEvent[] | Refusal {
  if (state.status === "deadLettered") return [];
  return isOpen(state) ? [deadLettered(state, code, reason)] : ended();
}

function retry({ reason }: Of<"retry">, state: Known): readonly JobEvent[] | Refusal {
  if (isOpen(state)) return [];
  const givenUp = state.status === "deadLettered" || state.status === "cancelled";
  return givenUp ? [{ type: "JobRetried", job: state.request.job, reason }] : ended();
}

function supersede({ by, bySite }: Of<"supersede">, state: Known): readonly JobEvent[] | Refusal {
  if (state.status === "superseded") return [];
  if (state.status === "completed") return [{ type: "JobSuperseded", job: state.request.job, by, bySite }];
  return refusal("JOB_NOT_COMPLETED", "Only a completion can be superseded.");
}

const isLastAttempt = (state: Claimed): boolean => state.spent + 1 >= attemptsMax;
const deadLettered = (state: Known, code: string, reason: string): JobEvent => ({
  type: "JobDeadLettered",
  job: state.request.job,
  code,
  reason,
});

// ---- Evolve

/** @throws Error when the events cannot follow each other: no decider wrote them. */
export function evolveJob(state: JobState, event: JobEvent, version: Version): JobState {
  if (event.type === "JobRequested") {
    const { type: _, ...request } = event;
    return { status: "waiting", request, attempts: 0, spent: 0, avoid: [] };
  }
  if (state.status === "none") throw new Error(`${event.type} before JobRequested`);
  const { request } = state;
  switch (event.type) {
    case "JobClaimed":
      return claimed(tried(state, event.type), event, version);
    case "JobAttemptFailed":
      return waitingAgain(tried(state, event.type), event.node, true);
    case "JobReleased":
      return waitingAgain(tried(state, event.type), event.node, event.reason === "node-lost");
    case "JobRetried":
      return { status: "waiting", request, attempts: 0, spent: 0, avoid: [] };
    case "JobCompleted":
      return { status: "completed", request, completion: event };
    case "JobDeadLettered":
      return { status: "deadLettered", request, code: event.code, reason: event.reason };
    case "JobCancelled":
      return { status: "cancelled", request, reason: event.reason };
    case "JobSuperseded":
      return { status: "superseded", request, by: event.by };
  }
}

function tried(state: Known, type: JobEvent["type"]): Tried {
  if (state.status === "waiting" || state.status === "claimed") return state;
  throw new Error(`${type} after the job was ${state.status}`);
}

function claimed(
  { request, spent, avoid }: Tried,
  event: Extract<JobEvent, { type: "JobClaimed" }>,
  version: Version,
): JobState {
  const { node, site, attempt: attempts, incarnation, epoch } = event;
  const token: Token = { epoch, version };
  const holder: Claim = { node, site, token, ...(incarnation === undefined ? {} : { incarnation }) };
  return { status: "claimed", request, attempts, spent, avoid, ...holder };
}

function waitingAgain({ request, attempts, spent, avoid }: Tried, node: NodeId, counts: boolean): JobState {
  if (!counts) return { status: "waiting", request, attempts, spent, avoid };
  const avoided = avoid.includes(node) ? avoid : [...avoid, node];
  return { status: "waiting", request, attempts, spent: spent + 1, avoid: avoided };
}

export const jobDecider: Decider<JobState, JobCommand, JobEvent> = {
  kind: "job",
  initial: { status: "none" },
  decide: decideJob,
  evolve: evolveJob,
};
