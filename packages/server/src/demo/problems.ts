/** The demo succeeds only when all of it happened. Pure: the summary's parts in, the sentences that say what is missing out. */
import type { Summary } from "./summary.ts";

export type Expectations = { readonly destinations: number; readonly killsNode: boolean };

export function problemsOf(summary: Omit<Summary, "ok" | "problems">, expected: Expectations): string[] {
  return [
    ...unstudied(summary),
    ...unfinished(summary),
    ...undelivered(summary, expected),
    ...unreplaced(summary, expected),
  ];
}

/** A file that was accepted must be accounted for: in a volume or left out with a reason. */
function unstudied({ sent, studies }: Omit<Summary, "ok" | "problems">): string[] {
  const stored = new Set(sent.flatMap((file) => (file.outcome === "stored" ? [file.sopInstanceUid] : [])));
  const settled = studies
    .flatMap((study) => study.series)
    .reduce((sum, series) => sum + series.objectCount, 0);
  if (stored.size === 0) return ["no file was accepted"];
  return settled < stored.size
    ? [`${stored.size} objects were stored, but the settled studies hold ${settled}`]
    : [];
}

function unfinished({ jobs }: Omit<Summary, "ok" | "problems">): string[] {
  const open = jobs
    .filter((job) => job.status === "waiting" || job.status === "running")
    .map((job) => `job ${job.job} did not finish`);
  const failed = jobs
    .filter((job) => job.status === "failed" || job.status === "cancelled")
    .map((job) => `job ${job.job} failed: ${job.reason ?? "no reason given"}`);
  const doubled = jobs.filter(
    (job) => new Set(job.results.map((result) => result.sopInstanceUid)).size !== job.results.length,
  );
  return [...open, ...failed, ...doubled.map((job) => `job ${job.job} has a result twice`)];
}

function undelivered(
  { jobs, deliveries }: Omit<Summary, "ok" | "problems">,
  { destinations }: Expectations,
): string[] {
  const done = deliveries.filter((delivery) => delivery.status === "delivered").length;
  const wanted = jobs.filter((job) => job.status === "completed").length * destinations;
  return done < wanted ? [`${done} of ${wanted} deliveries arrived`] : [];
}

function unreplaced(
  { failover, jobs }: Omit<Summary, "ok" | "problems">,
  { killsNode }: Expectations,
): string[] {
  if (!killsNode || jobs.length === 0) return [];
  if (failover === null) return ["no node was killed in the middle of a job"];
  return failover.finishedBy === null ? [`nobody took over the job of ${failover.killedNode}`] : [];
}
