/**
 * Runs actions, at most one per key and a few per lane, and holds a key back until its effect was seen or a pause is over.
 * What fails is tried again, later each time, so that a PACS or a site that is away is not hammered.
 */
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import { keyOf, laneOf, type Action, type Due } from "./due-actions.ts";

export type RunnerDeps = {
  readonly clock: Clock;
  readonly perform: (action: Action, signal: AbortSignal) => Promise<void>;
  /** Called with every failure; the action is tried again after the pause. */
  readonly onFault: (action: Action, fault: unknown) => void;
};

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;
/** Actions of a lane at once; each may hold a volume's headers or a few objects in memory. */
const laneMax = 4;

/** What is in hand: `seen` once a commit of its stream came back, which is its effect. */
type InHand = { readonly lane: string; readonly done: Promise<void>; seen: boolean };
type Held = { readonly untilMs: number; readonly failures: number };

export function actionRunner({ clock, perform, onFault }: RunnerDeps, signal: AbortSignal) {
  const running = new Map<string, InHand>();
  const held = new Map<string, Held>();
  let wake = new AbortController();

  const hold = (key: string, failed: boolean) => {
    const failures = failed ? (held.get(key)?.failures ?? 0) + 1 : 0;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.max(0, failures - 1));
    held.set(key, { untilMs: clock.nowMs() + pauseMs, failures });
  };
  const run = async (action: Action, key: string) => {
    let failure: unknown;
    try {
      await perform(action, signal);
    } catch (error) {
      failure = error;
      if (!signal.aborted) onFault(action, error);
      if (!(error instanceof Fault)) throw error; // a bug ends the process; another start looks again
    } finally {
      // What succeeded is not due again once its commit is here; until then it only looks so.
      if (failure || !running.get(key)?.seen) hold(key, failure !== undefined && !isLedgerAway(failure));
      running.delete(key);
      wake.abort();
    }
  };
  const hasRoom = (lane: string) =>
    [...running.values()].filter((inHand) => inHand.lane === lane).length < laneMax;
  /** @returns when to look again at the latest. */
  const startDue = ({ actions, nextAtMs = Infinity }: Due): number => {
    let next = nextAtMs;
    for (const action of actions) {
      const key = keyOf(action);
      const heldMs = held.get(key)?.untilMs ?? 0;
      if (heldMs > clock.nowMs()) next = Math.min(next, heldMs);
      else if (!running.has(key) && hasRoom(laneOf(action))) start(action, key);
    }
    return next;
  };
  const start = (action: Action, key: string) => {
    const done = Promise.resolve().then(() => run(action, key));
    running.set(key, { lane: laneOf(action), done, seen: false });
  };
  return {
    startDue,
    release: (key: string) => {
      held.delete(key);
      const inHand = running.get(key);
      if (inHand) inHand.seen = true;
      wake.abort();
    },
    nextWake: () => (wake = new AbortController()).signal,
    idle: async () => void (await Promise.all([...running.values()].map(({ done }) => done))),
  };
}

/** It has waited by itself, and all goes on at once when the ledger is back. */
const isLedgerAway = (error: unknown): boolean =>
  error instanceof Fault && error.code === "LEDGER_UNREACHABLE";
