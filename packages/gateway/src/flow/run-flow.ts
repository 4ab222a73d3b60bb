/**
 * The gateway's loop: follow the ledger, see what is due, do it. Level-triggered: a crash at any point is repaired by
 * looking again, because every action is decided on the ledger's state and a repeated one appends nothing.
 */
import { onAbort } from "@releve/domain/on-abort";
import type { Commit, EventLog, Position } from "@releve/ledger/event-log";
import { actionRunner, type RunnerDeps } from "./action-runner.ts";
import type { LostSince } from "../sites/lost-sites.ts";
import { dueActions, streamsOf, type FlowPolicy } from "./due-actions.ts";
import { newWork, seenAtMs } from "./work.ts";

export type FlowDeps = RunnerDeps & {
  readonly log: EventLog;
  readonly policy: FlowPolicy;
  /** Asked at every look, which is at least every `lookMs`. */
  readonly lostSites: () => LostSince;
  /** A stream that this version of the code cannot read is left alone; told once a stream. */
  readonly onUnread: (stream: string, why: string) => void;
  /** Told of every commit: who needs another fold of the ledger need not read it again. */
  readonly observe?: (commit: Commit, when: "past" | "live") => void;
};

/** Sites fall silent without an event: how soon that is noticed, beside what the heartbeats need. */
const lookMs = 500;

/** Runs until the signal is aborted, then waits for the actions in hand. @throws what ends the ledger's subscription. */
export async function runFlow(deps: FlowDeps, signal: AbortSignal): Promise<void> {
  const { clock, policy, lostSites } = deps;
  const { work, apply, forgetRequested } = newWork();
  const unread = new Set<string>();
  const ended = new AbortController();
  const stopped = AbortSignal.any([signal, ended.signal]);
  const runner = actionRunner(deps, stopped);
  const take = (commit: Commit, when: "past" | "live") => {
    const key = `${commit.stream.kind} ${commit.stream.id}`;
    if (commit.unread && !unread.has(key)) deps.onUnread(key, commit.unread[0]!.why);
    if (commit.unread) unread.add(key);
    for (const envelope of commit.events)
      apply(envelope, seenAtMs(envelope, when, policy.site, clock.nowMs()));
    deps.observe?.(commit, when);
    runner.release(key);
  };

  const subscription = deps.log.subscribe(await catchUp(deps.log, (commit) => take(commit, "past")));
  onAbort(signal, () => subscription.stop());
  const following = follow(subscription, (commit) => take(commit, "live")).finally(() => ended.abort());
  following.catch(() => {}); // awaited below, after the actions in hand
  while (!stopped.aborted) {
    const woken = AbortSignal.any([stopped, runner.nextWake()]);
    forgetRequested(policy.site, policy.destinations);
    const { actions, nextAtMs } = dueActions(work, policy, clock.nowMs(), lostSites());
    const readable = actions.filter((action) => !streamsOf(action).some((stream) => unread.has(stream)));
    const lookAtMs = runner.startDue({ actions: readable, nextAtMs });
    await clock.wait(Math.min(lookMs, Math.max(0, lookAtMs - clock.nowMs())), woken);
  }
  await runner.idle();
  await following;
}

async function catchUp(log: EventLog, take: (commit: Commit) => void): Promise<Position | undefined> {
  let last: Position | undefined;
  for await (const commit of log.readAll()) {
    take(commit);
    last = commit.position;
  }
  return last;
}

async function follow(subscription: AsyncIterable<Commit>, take: (commit: Commit) => void): Promise<void> {
  for await (const commit of subscription) take(commit);
}
