/** What a person asks of the running system by a command: found by a short id, decided by its decider, told in a sentence. */
import { systemClock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { Context } from "@releve/ledger/envelope";
import type { EventLog } from "@releve/ledger/event-log";
import { openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { newEventIndex, type EventIndex } from "@releve/ledger/views/event-index";
import { runningLedger } from "./open-running.ts";

export type Ledger = { readonly log: EventLog; readonly index: EventIndex };

/**
 * Opens the running ledger, lets `act` append, and prints the sentence that it returns.
 * @returns the exit code: 1 for a refusal. @throws Fault NOT_RUNNING; what `act` throws; those of the ledger.
 */
export async function actOnLedger(
  dataDir: string,
  act: (ledger: Ledger) => Promise<string | Refusal>,
): Promise<number> {
  const log = await openJetStreamLog(runningLedger(dataDir));
  try {
    const index = newEventIndex();
    for await (const commit of log.readAll()) index.apply(commit);
    const done = await act({ log, index });
    const stream = isRefusal(done) ? process.stderr : process.stdout;
    stream.write(`${isRefusal(done) ? done.reason : done}\n`);
    return isRefusal(done) ? 1 : 0;
  } finally {
    await log.close();
  }
}

export const operatorContext = (site: string): Context => ({
  atMs: systemClock.nowMs(),
  site,
  actor: "operator",
});

/**
 * The one id that begins with `prefix`: ids may be cut short, as the lists print them.
 * @throws Fault ID_UNKNOWN, ID_AMBIGUOUS.
 */
export function oneByPrefix<Named extends { readonly id: string }>(
  all: readonly Named[],
  prefix: string,
  what: string,
): Named {
  const [first, second] = all.filter(({ id }) => prefix !== "" && id.startsWith(prefix));
  if (!first) throw new Fault("ID_UNKNOWN", `there is no ${what} ${prefix}`, "never");
  if (second) throw new Fault("ID_AMBIGUOUS", `more than one ${what} begins with ${prefix}`, "never");
  return first;
}
