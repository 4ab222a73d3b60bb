/**
 * Writes down which sites there are: this one joins, and says when it is back; others say of it when it is lost. The record
 * is for people and for who is a member; what is done about a lost site is decided from what is heard, not from this.
 */
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { SiteId } from "@releve/domain/ids";
import { execute } from "@releve/ledger/command-handler";
import { siteDecider, type SiteCommand } from "@releve/ledger/deciders/site";
import type { EventLog } from "@releve/ledger/event-log";
import type { SafetyPolicy, SiteMode } from "@releve/ledger/events/site";
import { siteStream } from "@releve/ledger/streams";

export type RecordDeps = {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly wallNowMs: () => number;
  readonly site: SiteId;
  readonly mode: SiteMode;
  readonly safety: SafetyPolicy;
  /** Sites of which no process is heard any more, and for how long. */
  readonly silentSites: () => ReadonlyMap<string, number>;
  readonly onFault: (fault: Fault) => void;
};

const lookMs = 2_000;

/** Level-triggered: looks again and again, and each record that is already there appends nothing. Runs until aborted. */
export async function recordSites(deps: RecordDeps, signal: AbortSignal): Promise<void> {
  const told = new Set<string>();
  while (!signal.aborted) {
    try {
      await recordOwn(deps);
      await recordSilent(deps, told);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      deps.onFault(error);
    }
    await deps.clock.wait(lookMs, signal);
  }
}

async function recordOwn(deps: RecordDeps): Promise<void> {
  const { site, mode, safety } = deps;
  await record(deps, site, { type: "return" }); // refused where it never joined: then it does
  await record(deps, site, { type: "join", site, mode, safety });
}

/** Once for each time that a site falls silent. */
async function recordSilent(deps: RecordDeps, told: Set<string>): Promise<void> {
  const silent = deps.silentSites();
  for (const site of told) if (!silent.has(site)) told.delete(site);
  for (const [site, silentMs] of silent) {
    if (site === deps.site || told.has(site)) continue;
    await record(deps, site as SiteId, { type: "lose", by: deps.site, silentMs: Math.round(silentMs) });
    told.add(site);
  }
}

async function record({ log, site, wallNowMs }: RecordDeps, of: SiteId, command: SiteCommand): Promise<void> {
  const context = { atMs: wallNowMs(), site, actor: `gateway:${site}` };
  await execute(log, siteStream(of), siteDecider, command, context);
}
