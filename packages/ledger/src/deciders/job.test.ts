import type { Digest, JobId, NodeId, SiteId, StudyId } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Version } from "../event-log.ts";
import { releaseReasons, type JobEvent, type JobRequest } from "../events/job.ts";
import { attemptsMax, decideJob, evolveJob, jobDecider, type JobCommand, type JobState } from "./job.ts";
import { checkTransitions, outcomeOf, type TransitionTable } from "./transitions.fixture.ts";

const job = "00000000-0000-5000-8000-000000000001" as JobId;
const site = "site-a" as SiteId;
const node = "a1" as NodeId;
const version = 7 as Version;
const token = { epoch: 1, version };

const request: JobRequest = {
  job,
  study: "00000000-0000-5000-8000-000000000002" as StudyId,
  application: "mpr",
  applicationVersion: "1",
  parameters: {},
  plan: "a".repeat(64) as Digest,
  inputSite: site,
  inputBytes: 1,
  needBytes: 1,
  priority: "routine",
  deadlineAtMs: null,
};
const result = { outputs: [], pictures: [], engine: "gpu.js/webasm", computeMs: 5, remarks: [] };

function after(...events: readonly JobEvent[]): JobState {
  return events.reduce<JobState>((state, event) => evolveJob(state, event, version), jobDecider.initial);
}

const requested: JobEvent = { type: "JobRequested", ...request };
const claimedEvent: JobEvent = {
  type: "JobClaimed",
  job,
  node,
  site,
  attempt: 1,
  incarnation: "first",
  epoch: 1,
  aheadMs: 0,
};
const completed: JobEvent = { type: "JobCompleted", job, node, site, attempt: 1, token, ...result };

const states: Readonly<Record<JobState["status"], JobState>> = {
  none: after(),
  waiting: after(requested),
  claimed: after(requested, claimedEvent),
  completed: after(requested, claimedEvent, completed),
  deadLettered: after(requested, { type: "JobDeadLettered", job, code: "NO", reason: "no" }),
  cancelled: after(requested, { type: "JobCancelled", job, reason: "no" }),
  superseded: after(requested, claimedEvent, completed, {
    type: "JobSuperseded",
    job,
    by: job,
    bySite: null,
  }),
};

const commands: Readonly<Record<JobCommand["type"], JobCommand>> = {
  request: { type: "request", request },
  claim: { type: "claim", node: "b1" as NodeId, site, incarnation: "other", epoch: 1, aheadMs: 0 },
  failAttempt: { type: "failAttempt", token, code: "DISK", reason: "full", final: false },
  release: { type: "release", token, reason: "node-lost" },
  complete: { type: "complete", token, ...result },
  cancel: { type: "cancel", reason: "not wanted" },
  deadLetter: { type: "deadLetter", code: "POISON", reason: "takes nodes down" },
  retry: { type: "retry", reason: "mended" },
  supersede: { type: "supersede", by: job, bySite: site },
};

const table: TransitionTable<JobState, JobCommand> = {
  none: {
    request: "JobRequested",
    claim: "!JOB_UNKNOWN",
    failAttempt: "!JOB_UNKNOWN",
    release: "!JOB_UNKNOWN",
    complete: "!JOB_UNKNOWN",
    cancel: "!JOB_UNKNOWN",
    deadLetter: "!JOB_UNKNOWN",
    retry: "!JOB_UNKNOWN",
    supersede: "!JOB_UNKNOWN",
  },
  waiting: {
    request: "-",
    claim: "JobClaimed",
    failAttempt: "!STALE_TOKEN",
    release: "!STALE_TOKEN",
    complete: "!STALE_TOKEN",
    cancel: "JobCancelled",
    deadLetter: "JobDeadLettered",
    retry: "-",
    supersede: "!JOB_NOT_COMPLETED",
  },
  claimed: {
    request: "-",
    claim: "!JOB_TAKEN",
    failAttempt: "JobAttemptFailed",
    release: "JobReleased",
    complete: "JobCompleted",
    cancel: "JobCancelled",
    deadLetter: "JobDeadLettered",
    retry: "-",
    supersede: "!JOB_NOT_COMPLETED",
  },
  completed: {
    request: "-",
    claim: "!JOB_ENDED",
    failAttempt: "!STALE_TOKEN",
    release: "!STALE_TOKEN",
    complete: "-",
    cancel: "!JOB_ENDED",
    deadLetter: "!JOB_ENDED",
    retry: "!JOB_ENDED",
    supersede: "JobSuperseded",
  },
  deadLettered: {
    request: "-",
    claim: "!JOB_ENDED",
    failAttempt: "!STALE_TOKEN",
    release: "!STALE_TOKEN",
    complete: "!STALE_TOKEN",
    cancel: "!JOB_ENDED",
    deadLetter: "-",
    retry: "JobRetried",
    supersede: "!JOB_NOT_COMPLETED",
  },
  cancelled: {
    request: "-",
    claim: "!JOB_ENDED",
    failAttempt: "!STALE_TOKEN",
    release: "!STALE_TOKEN",
    complete: "!STALE_TOKEN",
    cancel: "-",
    deadLetter: "!JOB_ENDED",
    retry: "JobRetried",
    supersede: "!JOB_NOT_COMPLETED",
  },
  superseded: {
    request: "-",
    claim: "!JOB_ENDED",
    failAttempt: "!STALE_TOKEN",
    release: "!STALE_TOKEN",
    complete: "!STALE_TOKEN",
    cancel: "!JOB_ENDED",
    deadLetter: "!JOB_ENDED",
    retry: "!JOB_ENDED",
    supersede: "-",
  },
};

checkTransitions(jobDecider, { states, commands, table });
const outcome = (state: JobState, command: JobCommand) => outcomeOf(jobDecider, state, command);

test("a completion with an older token is refused: something was written since", () => {
  expect(
    outcome(states.claimed, {
      ...commands.complete,
      token: { epoch: 1, version: 6 as Version },
    } as JobCommand),
  ).toBe("!STALE_TOKEN");
});

test("a token of an earlier epoch is refused, though its version is the same: the ledger was restored since", () => {
  const inSecond = after(requested, { ...claimedEvent, epoch: 2 });
  expect(outcome(inSecond, commands.complete)).toBe("!STALE_TOKEN");
  expect(outcome(inSecond, { ...commands.complete, token: { epoch: 2, version } } as JobCommand)).toBe(
    "JobCompleted",
  );
});

test("a retried job has all its attempts before it again", () => {
  const retried = evolveJob(states.deadLettered, { type: "JobRetried", job, reason: "mended" }, version);
  expect(retried).toMatchObject({ status: "waiting", attempts: 0, spent: 0, avoid: [] });
});

test("the same start of a node that claims twice has claimed once", () => {
  expect(
    outcome(states.claimed, { type: "claim", node, site, incarnation: "first", epoch: 1, aheadMs: 0 }),
  ).toBe("-");
});

test("the last attempt that fails gives the job up, with the reason of that failure", () => {
  let events: JobEvent[] = [requested];
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    events = [...events, { ...claimedEvent, attempt }];
    const decided = decideJob(commands.failAttempt, after(...events));
    if (isRefusal(decided)) throw new Error(decided.reason);
    const types = decided.map(({ type }) => type);
    expect(types).toEqual(
      attempt < attemptsMax ? ["JobAttemptFailed"] : ["JobAttemptFailed", "JobDeadLettered"],
    );
    events = [...events, ...decided];
  }
  expect(after(...events)).toMatchObject({ status: "deadLettered", code: "DISK" });
});

test.each(releaseReasons)(
  "a release because of %s is taken and refused as the table says of any",
  (reason) => {
    const outcomes = Object.entries(table).map(([status, row]) => {
      const given = outcome(states[status as JobState["status"]], { type: "release", token, reason });
      return [status, given, row.release];
    });
    expect(outcomes.map(([status, given]) => [status, given])).toEqual(
      outcomes.map(([status, , wanted]) => [status, wanted]),
    );
  },
);

const givenBack = releaseReasons.filter((reason) => reason !== "node-lost");

test("however often a job is given back for what says nothing about it, that spends no attempt and never ends it", () => {
  const reasons = fc.array(fc.constantFrom(...givenBack), { maxLength: 40 });
  fc.assert(
    fc.property(fc.nat({ max: attemptsMax - 1 }), reasons, (failures, some) => {
      let state = states.waiting;
      const turn = (command: JobCommand) => {
        const claimed = evolveJob(state, claimedEvent, version);
        const decided = decideJob(command, claimed);
        if (isRefusal(decided)) throw new Error(decided.reason);
        state = decided.reduce((now, event) => evolveJob(now, event, version), claimed);
      };
      for (let failure = 0; failure < failures; failure++) turn(commands.failAttempt);
      for (const reason of some) turn({ type: "release", token, reason });
      expect(state).toMatchObject({ status: "waiting", spent: failures });
    }),
  );
});
