/** The parts of a gateway that live on the ledger: they run together, and are started anew when it was away for too long. */
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";

export type Part = (signal: AbortSignal) => Promise<void>;

const pauseMs = 2_000;

/**
 * Runs the parts until the signal is aborted. When one fails with a fault that passes, all end and are started again after a
 * pause: each of them finds in the ledger where it was. @throws any other error, after all have ended.
 */
export async function keepRunning(
  parts: () => Promise<readonly Part[]> | readonly Part[],
  { clock, onFault }: { readonly clock: Clock; readonly onFault: (fault: Fault) => void },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await runTogether(await parts(), signal);
    } catch (error) {
      if (!(error instanceof Fault) || error.retry === "never") throw error;
      onFault(error);
      await clock.wait(pauseMs, signal);
    }
  }
}

async function runTogether(parts: readonly Part[], signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  const stopped = AbortSignal.any([signal, ended.signal]);
  const runs = parts.map((part) => part(stopped).finally(() => ended.abort()));
  const failed = (await Promise.allSettled(runs)).find((run) => run.status === "rejected");
  if (failed) throw failed.reason;
}
