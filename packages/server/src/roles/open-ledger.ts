/** The ledger, waited for as long as it takes: what must not wait for it (an image at the door) is served meanwhile. */
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { EventLog } from "@releve/ledger/event-log";
import { openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";

const retryPauseMs = 1_000;

/** @returns undefined when the signal was aborted first. @throws Fault that no waiting mends, such as a server that is too old. */
export async function openLedger(
  options: {
    readonly url: string;
    readonly name: string;
    readonly clock: Clock;
    readonly onFault: (fault: Fault) => void;
  },
  signal: AbortSignal,
): Promise<EventLog | undefined> {
  while (!signal.aborted) {
    try {
      return await openJetStreamLog({ servers: [options.url], name: options.name });
    } catch (error) {
      if (!(error instanceof Fault) || error.retry === "never") throw error;
      options.onFault(error);
      await options.clock.wait(retryPauseMs, signal);
    }
  }
  return undefined;
}
