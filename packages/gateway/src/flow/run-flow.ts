/**
 * The gateway's loop: follow the ledger, see what is due, do it. Level-triggered: a crash at any point is repaired by
 * looking again, because every action is decided on the ledger's state and a repeated one appends nothing.
 */
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import { onAbort } from "@releve/domain/on-abort";
import type { Commit, EventLog, Position } from "@releve/ledger/event-log";
import { dueActions, keyOf, type Action, type Due, type FlowPolicy } from "./due-actions.ts";
import { newWork } from "./work.ts";

export type FlowDeps = {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly policy: FlowPolicy;
  readonly perform: (action: Action, signal: AbortSignal) => Promise<void>;
  /** Called with every failure; the action is tried again after the pause. */
  readonly onFault: (action: Action, fault: unknown) => void;
};

/** After a failure the same action waits this long: a PACS or ledger that is down is not hammered. */
const retryPauseMs = 1_000;
/** Actions at once; each may hold a volume's headers or a few objects in memory. */
const concurrencyMax = 4;
const longestLookMs = 60_000;

/** Runs until the signal is aborted, then waits for the actions in hand. @throws what ends the ledger's subscription. */
export async function runFlow(deps: FlowDeps, signal: AbortSignal): Promise<void> {
  const { work, apply, forgetRequested } = newWork();
  const ended = new AbortController();
  const stopped = AbortSignal.any([signal, ended.signal]);
  const runner = actionRunner(deps, signal);
  const take = (commit: Commit) => {
    for (const envelope of commit.events) apply(envelope);
    runner.release(`${commit.stream.kind} ${commit.stream.id}`);
  };

  const subscription = deps.log.subscribe(await catchUp(deps.log, take));
  onAbort(signal, () => subscription.stop());
  const following = follow(subscription, take).finally(() => ended.abort());
  following.catch(() => {}); // awaited below, after the actions in hand
  while (!stopped.aborted) {
    const woken = AbortSignal.any([stopped, runner.nextWake()]);
    forgetRequested(deps.policy.destinations);
    const nextAtMs = runner.startDue(dueActions(work, deps.policy, deps.clock.nowMs()));
    await deps.clock.wait(Math.min(longestLookMs, Math.max(0, nextAtMs - deps.clock.nowMs())), woken);
  }
  await runner.idle();
  await following;
}

/** What is in hand: `seen` once a commit of its stream came back, which is its effect. */
type InHand = { readonly done: Promise<void>; seen: boolean };

/** Runs actions, at most one per key and `concurrencyMax` in all, and holds a key back until its effect was seen or a pause is over. */
function actionRunner({ clock, perform, onFault }: FlowDeps, signal: AbortSignal) {
  const running = new Map<string, InHand>();
  const heldUntilMs = new Map<string, number>();
  let wake = new AbortController();

  const run = async (action: Action, key: string) => {
    let succeeded = false;
    try {
      await perform(action, signal);
      succeeded = true;
    } catch (error) {
      if (!signal.aborted) onFault(action, error);
      if (!(error instanceof Fault)) throw error; // a bug ends the process; another start looks again
    } finally {
      // What succeeded is not due again once its commit is here; until then it only looks so.
      if (!succeeded || !running.get(key)?.seen) heldUntilMs.set(key, clock.nowMs() + retryPauseMs);
      running.delete(key);
      wake.abort();
    }
  };
  /** @returns when to look again at the latest. */
  const startDue = ({ actions, nextAtMs = Infinity }: Due): number => {
    let next = nextAtMs;
    for (const action of actions) {
      const key = keyOf(action);
      const heldMs = heldUntilMs.get(key) ?? 0;
      if (heldMs > clock.nowMs()) next = Math.min(next, heldMs);
      else if (!running.has(key) && running.size < concurrencyMax) start(action, key);
    }
    return next;
  };
  const start = (action: Action, key: string) => {
    const inHand: InHand = { done: Promise.resolve().then(() => run(action, key)), seen: false };
    running.set(key, inHand);
  };
  return {
    startDue,
    release: (key: string) => {
      heldUntilMs.delete(key);
      const inHand = running.get(key);
      if (inHand) inHand.seen = true;
      wake.abort();
    },
    nextWake: () => (wake = new AbortController()).signal,
    idle: async () => void (await Promise.all([...running.values()].map(({ done }) => done))),
  };
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
