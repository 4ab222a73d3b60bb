/**
 * Copies what lies at one site only to this one, where it is this site's turn, and tells the ledger.
 *
 * It pulls, because the site that wants the copy knows its own disk and line, goes on by itself where it stopped, and says of
 * itself, fsynced, what it has; nobody claims another's copy. Every gateway follows the ledger anyway, so nothing else has to
 * say what to copy. Level-triggered as the flow is: after a crash the fold tells what is still lacking, and what had come
 * already is there by its digest and is not fetched again.
 */
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { Digest, SiteId, StudyId } from "@releve/domain/ids";
import { onAbort } from "@releve/domain/on-abort";
import { isRefusal } from "@releve/domain/refusal";
import { execute } from "@releve/ledger/command-handler";
import { studyDecider, type StudyState } from "@releve/ledger/deciders/study";
import type { Commit, EventLog, Position } from "@releve/ledger/event-log";
import type { Snapshots } from "@releve/ledger/fold";
import { studyStream } from "@releve/ledger/streams";
import { noFailpoint, type FailpointPort } from "@releve/store/failpoint";
import type { LostSince } from "../sites/lost-sites.ts";
import { copyTask, type CopyTask, type CopyView } from "./copy-tasks.ts";
import { newLacking, type Lacking, type Policies } from "./lacking.ts";
import { readLeftOut } from "./read-left-out.ts";

export type ReplicationFailpoint = "objects-copied" | "copies-told";

export type ReplicationDeps = {
  readonly log: EventLog;
  /** For waits: see `steadyClock`. */
  readonly clock: Clock;
  readonly wallNowMs: () => number;
  readonly site: SiteId;
  readonly lostSites: () => LostSince;
  readonly snapshots?: Snapshots<StudyState>;
  /** Makes the object durable here, from whichever site has it. @throws Fault */
  readonly keep: (digest: Digest) => Promise<void>;
  /** Each failure; the study is tried again later. */
  readonly onFault: (study: StudyId, fault: Fault) => void;
  /** How many of this site's own objects have waited for a second site for a minute; told each minute while there are some. */
  readonly onBehind: (objects: number) => void;
  readonly failpoint?: FailpointPort<ReplicationFailpoint>;
};

/** Studies at once, and objects of each: enough to fill a line of 80 ms and little beside the intake. */
const studiesMax = 4;
const transfersPerStudy = 4;
const lookMs = 500;
/** Commits come in bursts: one look for many of them, and a task of many objects. */
const shortestLookMs = 100;
const firstPauseMs = 1_000;
/** A line that is whole again is used within this time. */
const longestPauseMs = 20_000;
const tellBehindMs = 60_000;

/** Runs until the signal is aborted. @throws what ends the ledger's reading or subscription. */
export async function runReplication(deps: ReplicationDeps, signal: AbortSignal): Promise<void> {
  let policies: Policies = new Map();
  while (!signal.aborted) policies = await replicateUntilOutOfDate(deps, policies, signal);
}

async function replicateUntilOutOfDate(
  deps: ReplicationDeps,
  seed: Policies,
  signal: AbortSignal,
): Promise<Policies> {
  const { log, clock } = deps;
  const lacking = newLacking(seed);
  const progressMs = new Map<string, number>();
  const take = (commit: Commit) => {
    for (const envelope of commit.events) {
      lacking.apply(envelope, clock.nowMs());
      if (envelope.event.type === "StudyObjectsReplicated")
        progressMs.set(envelope.event.site, clock.nowMs());
    }
  };
  const ended = new AbortController();
  const stopped = AbortSignal.any([signal, ended.signal]);
  let last: Position | undefined;
  for await (const commit of log.readAll()) {
    take(commit);
    last = commit.position;
  }
  const subscription = log.subscribe(last);
  onAbort(stopped, () => subscription.stop());
  const following = follow(subscription, take).finally(() => ended.abort());
  following.catch(() => {}); // awaited below
  const copies = studyCopies(deps, lacking, stopped);
  const behind = behindTeller(deps, lacking);
  while (!stopped.aborted && !lacking.outOfDate()) {
    await readLeftOut(log, lacking, clock.nowMs());
    const { members } = lacking;
    copies.start({
      site: deps.site,
      members,
      lostSinceMs: deps.lostSites(),
      progressMs,
      nowMs: clock.nowMs(),
    });
    behind();
    await clock.wait(shortestLookMs, stopped);
    await clock.wait(lookMs - shortestLookMs, AbortSignal.any([stopped, copies.nextDone()]));
  }
  ended.abort();
  await copies.idle();
  await following;
  return lacking.policies;
}

async function follow(commits: AsyncIterable<Commit>, take: (commit: Commit) => void): Promise<void> {
  for await (const commit of commits) take(commit);
}

/** Runs copy tasks, one a study and a few in all; a study that failed waits, longer each time. */
function studyCopies(deps: ReplicationDeps, lacking: Lacking, signal: AbortSignal) {
  const { clock } = deps;
  const running = new Map<StudyId, Promise<void>>();
  const resting = new Map<StudyId, { untilMs: number; pauseMs: number }>();
  let done = new AbortController();

  const run = async (task: CopyTask) => {
    try {
      await copyAndTell(deps, task, lacking, signal);
      resting.delete(task.study);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (signal.aborted) return;
      deps.onFault(task.study, error);
      const pauseMs = Math.min(longestPauseMs, (resting.get(task.study)?.pauseMs ?? firstPauseMs / 2) * 2);
      resting.set(task.study, { untilMs: clock.nowMs() + pauseMs, pauseMs });
    } finally {
      running.delete(task.study);
      done.abort();
    }
  };
  return {
    start: (view: CopyView) => {
      for (const [study, lack] of lacking.studies) {
        if (running.size >= studiesMax) return;
        if (running.has(study) || (resting.get(study)?.untilMs ?? 0) > view.nowMs) continue;
        const task = copyTask(study, lacking.homeOf(study), lack, view);
        if (task)
          running.set(
            study,
            Promise.resolve().then(() => run(task)),
          );
      }
    },
    nextDone: () => (done = new AbortController()).signal,
    idle: async () => void (await Promise.all(running.values())),
  };
}

/** Tells what has come even where the rest failed: it is there and need not wait for the rest. */
async function copyAndTell(
  deps: ReplicationDeps,
  task: CopyTask,
  lacking: Lacking,
  signal: AbortSignal,
): Promise<void> {
  const { failpoint = noFailpoint, site } = deps;
  const { kept, failure } = await keepAll(deps, [...task.derived, ...task.objects], signal);
  if (kept.size > 0) {
    failpoint("objects-copied");
    const digests = task.objects.filter((digest) => kept.has(digest));
    const derived = task.derived.filter((digest) => kept.has(digest));
    const context = { atMs: deps.wallNowMs(), site, actor: `gateway:${site}` };
    const command = { type: "replicate", site, digests, derived } as const;
    const stream = studyStream(task.study);
    const { log, snapshots } = deps;
    const told = await execute(log, stream, studyDecider, command, context, undefined, snapshots);
    if (isRefusal(told)) throw new ReplicationFault(told.reason);
    failpoint("copies-told");
    lacking.held(task.study, site, [...kept]);
  }
  if (failure) throw failure;
}

/** Stops at the first failure, after the transfers in hand. */
async function keepAll(
  { keep }: ReplicationDeps,
  digests: readonly Digest[],
  signal: AbortSignal,
): Promise<{ readonly kept: ReadonlySet<Digest>; readonly failure: Fault | undefined }> {
  const kept = new Set<Digest>();
  const queue = digests.values();
  let failure: Fault | undefined;
  const transfer = async () => {
    for (const digest of queue) {
      if (failure || signal.aborted) return;
      try {
        await keep(digest);
        kept.add(digest);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        failure ??= error;
      }
    }
  };
  await Promise.all(Array.from({ length: transfersPerStudy }, transfer));
  return { kept, failure };
}

function behindTeller({ clock, site, onBehind }: ReplicationDeps, lacking: Lacking) {
  let nextMs = clock.nowMs() + tellBehindMs;
  return () => {
    if (clock.nowMs() < nextMs) return;
    nextMs = clock.nowMs() + tellBehindMs;
    let objects = 0;
    for (const { sinceMs, sole } of lacking.studies.values()) {
      if (clock.nowMs() - sinceMs < tellBehindMs) continue; // on its way
      for (const { holder } of sole.values()) if (holder === site) objects += 1;
    }
    if (objects > 0) onBehind(objects);
  };
}

/** The ledger does not know what was copied: shown and tried again. */
class ReplicationFault extends Fault {
  constructor(reason: string) {
    super("REPLICATION_REFUSED", reason, "later");
    this.name = "ReplicationFault";
  }
}
