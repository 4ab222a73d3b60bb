/**
 * Two ledgers that could not hear each other may each complete the same job. Both completions are facts and stay; this says
 * which one counts. Whoever knows the same completions says the same, so no two sites have to agree on it first; who learns
 * of a lower site later says so later.
 */
import type { SiteId } from "@releve/domain/ids";
import type { JobCommand } from "../deciders/job.ts";
import type { Commit } from "../event-log.ts";
import type { JobEvent } from "../events/job.ts";

/** What one ledger holds of the job: the site that completed it, and whether that ledger says already that it lost. */
export type SiteCompletion = { readonly site: SiteId; readonly superseded: boolean };

export type Judgement = {
  /** The lowest site id, by its characters: its completion counts. */
  readonly effective: SiteId;
  /** What the ledger that holds the completion of `site` has to be told; empty when all is said. */
  readonly supersede: readonly { readonly site: SiteId; readonly command: SupersedeCommand }[];
};
type SupersedeCommand = Extract<JobCommand, { type: "supersede" }>;

/**
 * @param completions of one job, at most one a ledger. A superseded one takes part: what it lost to is lower still.
 * @returns undefined when nobody completed the job.
 */
export function effectiveCompletion(
  { job }: Pick<JobEvent, "job">,
  completions: readonly SiteCompletion[],
): Judgement | undefined {
  const [first, ...others] = completions.map(({ site }) => site);
  if (first === undefined) return undefined;
  const effective = others.reduce((lowest, site) => (site < lowest ? site : lowest), first);
  const supersede = completions
    .filter(({ site, superseded }) => !superseded && site !== effective)
    .map(({ site }) => ({ site, command: { type: "supersede", by: job, bySite: effective } as const }));
  return { effective, supersede };
}

/**
 * One event further of one ledger's stream of the job. A completion that another job superseded takes no part any more: it
 * counts nowhere, and not for the reason of its site.
 */
export function nextCompletion(
  known: SiteCompletion | undefined,
  event: JobEvent,
): SiteCompletion | undefined {
  if (event.type === "JobCompleted") return { site: event.site, superseded: false };
  if (event.type !== "JobSuperseded") return known;
  return known && event.bySite !== null ? { ...known, superseded: true } : undefined;
}

/** The events of a commit that change what is known of a job's completion. */
export const completionEvents = ({ stream, events }: Commit): readonly JobEvent[] =>
  stream.kind === "job"
    ? events
        .map(({ event }) => event as JobEvent)
        .filter(({ type }) => type === "JobCompleted" || type === "JobSuperseded")
    : [];
