/**
 * Beside other ledgers (autonomous sites, or for one of them the cluster): says in this one which completions another's made
 * void. A copy is always at the own server, so a line that is cut holds up nothing here.
 */
import { systemClock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { EventLog, ReadableLog } from "@releve/ledger/event-log";
import { openLedgerCopy } from "@releve/ledger/jetstream/autonomous-ledger";
import { supersedeLost } from "@releve/ledger/merge/supersede-lost";
import { logFault, type RoleLog } from "./log.ts";
import { natsLink, type LedgerSettings } from "./open-ledger.ts";
import { aborted } from "./shutdown.ts";

export type CopiesSettings = LedgerSettings & { readonly RELEVE_LEDGER_COPIES: readonly string[] };

const againMs = 5_000;

/** Runs until aborted; where there are no copies it does nothing. @throws Fault that no waiting mends. */
export async function mergeLedgers(
  settings: CopiesSettings,
  own: EventLog,
  log: RoleLog,
  signal: AbortSignal,
): Promise<void> {
  const { RELEVE_SITE: site, RELEVE_LEDGER_COPIES: names } = settings;
  if (names.length === 0) return aborted(signal);
  const actor = `gateway:${site}`;
  const context = () => ({ atMs: systemClock.nowMs(), site, actor });
  const onFault = logFault(log, "merge");
  while (!signal.aborted) {
    const copies: ReadableLog[] = [];
    try {
      for (const name of names) copies.push(await openCopy(settings, actor, name));
      await supersedeLost({ own, copies, context, onFault: (_, fault) => onFault(fault) }, signal);
    } catch (error) {
      if (!(error instanceof Fault) || !mayPass(error)) throw error;
      onFault(error);
    } finally {
      await Promise.all(copies.map((copy) => copy.close()));
    }
    await systemClock.wait(againMs, signal);
  }
}

/** @param name of the process. @throws LedgerFault LEDGER_UNREACHABLE, also while nobody has asked for the copy yet. */
export const openCopy = (settings: LedgerSettings, name: string, ledger: string): Promise<ReadableLog> =>
  openLedgerCopy({ ...natsLink(settings, name), ledger, replicas: settings.RELEVE_LEDGER_REPLICAS });

/** A ledger that was adopted under a new epoch meanwhile is opened again. */
const mayPass = ({ code, retry }: Fault): boolean => retry === "later" || code === "LEDGER_RESTORED";
