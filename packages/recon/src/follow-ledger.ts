/** The ledger's commits, all of them in order, over whatever breaks in between. */
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import { onAbort } from "@releve/domain/on-abort";
import type { Commit, EventLog, Position } from "@releve/ledger/event-log";
import { endsTheNode } from "./node-voice.ts";

export type LedgerFollower = {
  /** Takes everything up to the log's end. Resolves then, or when it is stopped. @throws what ends the node. */
  readonly catchUp: (stopped: AbortSignal) => Promise<void>;
  /** Goes on from there. Resolves when it is stopped or the log was closed. @throws what ends the node. */
  readonly follow: (stopped: AbortSignal) => Promise<void>;
};

const retryPauseMs = 1_000;

export function followLedger(
  deps: { readonly log: EventLog; readonly clock: Clock; readonly onFault: (fault: Fault) => void },
  take: (commit: Commit) => void,
): LedgerFollower {
  const { log, clock, onFault } = deps;
  let last: Position | undefined;

  const takeAll = async (commits: AsyncIterable<Commit>) => {
    for await (const commit of commits) {
      last = commit.position;
      take(commit);
    }
  };
  const again = async (stopped: AbortSignal, read: () => Promise<void>) => {
    while (!stopped.aborted) {
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof Fault) || endsTheNode(error) || error.code === "LEDGER_CLOSED") throw error;
        onFault(error);
        await clock.wait(retryPauseMs, stopped);
      }
    }
  };
  return {
    catchUp: (stopped) => again(stopped, () => takeAll(log.readAll(last))),
    follow: (stopped) =>
      again(stopped, () => {
        const subscription = log.subscribe(last);
        onAbort(stopped, () => subscription.stop());
        return takeAll(subscription);
      }),
  };
}
