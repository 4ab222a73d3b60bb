/**
 * What may follow what in a job's stream, said a second time and more plainly than the decider under test says it: a
 * completion comes right after its own claim and from nobody else, an open job ends once, three spent attempts are the most.
 */
import type { RawCommit, RawEvent } from "./raw-commit.ts";

export type JobStatus =
  | "none"
  | "waiting"
  | "claimed"
  | "completed"
  | "deadLettered"
  | "cancelled"
  | "superseded";

type Claim = {
  readonly node: string;
  readonly incarnation: string;
  readonly version: number;
  readonly epoch: number;
};

export type JobRecord = {
  status: JobStatus;
  attempts: number;
  spent: number;
  claim: Claim | undefined;
  /** Every start of a node that ever claimed it. */
  readonly claimants: Set<string>;
  /** The digests that its last completion names. */
  outputs: readonly string[];
  completed: { readonly version: number; readonly incarnation: string } | undefined;
};

/** One attempt's bytes, as the simulator saw them come about. */
export type Produced = { readonly job: string; readonly incarnation: string };

export type JobRuleDeps = {
  readonly violated: (what: string) => void;
  readonly producedBy: (digest: string) => Produced | undefined;
  /** Whether anything was done to this start of a node, or near it, for which it may be taken for lost. */
  readonly mayBeLost: (node: string, incarnation: string) => boolean;
};

const spentMax = 3;
/** Nothing is restored here from a backup. */
const onlyEpoch = 1;

export const newJobRecord = (): JobRecord => ({
  status: "none",
  attempts: 0,
  spent: 0,
  claim: undefined,
  claimants: new Set(),
  outputs: [],
  completed: undefined,
});

/** Takes the commit's events in; whatever was not allowed is told. */
export function followJob(job: JobRecord, commit: RawCommit, deps: JobRuleDeps): void {
  const say = (what: string) => deps.violated(`job ${commit.id} at ${commit.seq}: ${what}`);
  for (const event of commit.events) {
    if (!allowedFrom(event.type).includes(job.status)) say(`${event.type} of a job that is ${job.status}`);
    judge(job, event, commit, say, deps);
    apply(job, event, commit);
  }
  if (job.spent >= spentMax && (job.status === "waiting" || job.status === "claimed"))
    say(`goes on after ${job.spent} spent attempts`);
}

const open: readonly JobStatus[] = ["waiting", "claimed"];

function allowedFrom(type: string): readonly JobStatus[] {
  if (type === "JobRequested") return ["none"];
  if (type === "JobClaimed") return ["waiting"];
  if (type === "JobCompleted" || type === "JobReleased" || type === "JobAttemptFailed") return ["claimed"];
  if (type === "JobRetried") return ["deadLettered", "cancelled"];
  return type === "JobSuperseded" ? ["completed"] : open;
}

type Say = (what: string) => void;

function judge(job: JobRecord, event: RawEvent, commit: RawCommit, say: Say, deps: JobRuleDeps): void {
  const { claim } = job;
  if (event.type === "JobClaimed") return judgeClaim(job, event, say);
  if (event.type === "JobDeadLettered") {
    const exhausted = event["code"] === "ATTEMPTS_EXHAUSTED";
    if (exhausted && job.spent < spentMax) say(`given up after ${job.spent} spent attempts`);
  } else if (claim && event.type === "JobCompleted") judgeCompletion(claim, event, commit, say, deps);
  else if (claim && (event.type === "JobReleased" || event.type === "JobAttemptFailed"))
    judgeAttemptEnd(job, claim, event, commit, say, deps);
}

function judgeClaim(job: JobRecord, event: RawEvent, say: Say): void {
  const { attempt, epoch } = event as unknown as { readonly attempt: number; readonly epoch: number };
  if (attempt !== job.attempts + 1) say(`claim number ${attempt} after ${job.attempts}`);
  if (epoch !== onlyEpoch) say(`a claim under epoch ${epoch}`);
}

// oxlint-disable-next-line max-params -- one sentence of the rules, read from six things
function judgeAttemptEnd(
  job: JobRecord,
  claim: Claim,
  event: RawEvent,
  commit: RawCommit,
  say: Say,
  deps: JobRuleDeps,
): void {
  const isLost = event["reason"] === "node-lost";
  if (event["node"] !== claim.node)
    say(`${event.type} of ${String(event["node"])}, but ${claim.node} holds it`);
  if (event.type === "JobAttemptFailed" && commit.actor !== `node:${claim.node}`)
    say(`${commit.actor} says that the attempt of ${claim.node} failed`);
  if (isLost && !deps.mayBeLost(claim.node, claim.incarnation))
    say(`taken from ${claim.node}, to which nothing happened`);
  const ends = commit.events.at(-1)?.type === "JobDeadLettered";
  const spends = event.type === "JobAttemptFailed" || isLost;
  const mustEnd = event["final"] === true || (spends && job.spent + 1 >= spentMax);
  if (mustEnd !== ends) say(`${event.type} ${ends ? "ends it too soon" : "should have ended it"}`);
}

function judgeCompletion(
  claim: Claim,
  event: RawEvent,
  { id }: RawCommit,
  say: Say,
  deps: JobRuleDeps,
): void {
  const token = event["token"] as { readonly epoch: number; readonly version: number };
  if (token.version !== claim.version || token.epoch !== claim.epoch)
    say(`completed with token ${token.epoch}/${token.version}, but ${claim.epoch}/${claim.version} holds it`);
  if (event["node"] !== claim.node) say(`completed by ${String(event["node"])}, claimed by ${claim.node}`);
  for (const { digest } of event["outputs"] as readonly { digest: string }[]) {
    const from = deps.producedBy(digest);
    if (!from || from.job !== id) say("completed with bytes that no attempt at it made");
    else if (from.incarnation !== claim.incarnation)
      say("completed with the bytes of another start of a node");
  }
}

function apply(job: JobRecord, event: RawEvent, { seq }: RawCommit): void {
  switch (event.type) {
    case "JobRequested":
    case "JobRetried":
      return void Object.assign(job, newJobRecord(), { status: "waiting", claimants: job.claimants });
    case "JobClaimed": {
      const { node, incarnation, epoch } = event as unknown as Omit<Claim, "version">;
      job.attempts++;
      job.claimants.add(incarnation);
      job.claim = { node, incarnation, version: seq, epoch };
      job.status = "claimed";
      return;
    }
    case "JobAttemptFailed":
    case "JobReleased":
      if (event.type === "JobAttemptFailed" || event["reason"] === "node-lost") job.spent++;
      job.claim = undefined;
      job.status = "waiting";
      return;
    case "JobCompleted":
      job.outputs = (event["outputs"] as readonly { digest: string }[]).map(({ digest }) => digest);
      job.completed = job.claim && { version: seq, incarnation: job.claim.incarnation };
      job.status = "completed";
      return;
    default:
      job.status = endings[event.type] ?? job.status;
  }
}

const endings: Readonly<Record<string, JobStatus>> = {
  JobDeadLettered: "deadLettered",
  JobCancelled: "cancelled",
  JobSuperseded: "superseded",
};
