/**
 * Says in this site's own ledger which of its completions count no more, because a lower site completed the same job in
 * another ledger. Runs on each side, each for its own ledger alone: nobody writes into another's.
 *
 * What is compared is who completed the job, never the results. What was sent stays sent, and what was not is not sent any
 * more. The results of one job have the same UIDs wherever they were computed, so an archive that got both shows each once.
 * Their bytes differ: at least in when they were made, and where the engines differ perhaps in the last bits of pixels. Of two
 * such files under one UID an archive keeps the first or the last by its own rule; both lie in the stores of their sites, by
 * digest, and the two completions name them.
 */
import { Fault } from "@releve/domain/fault";
import type { JobId } from "@releve/domain/ids";
import { onAbort } from "@releve/domain/on-abort";
import { execute } from "../command-handler.ts";
import { jobDecider } from "../deciders/job.ts";
import type { Context } from "../envelope.ts";
import type { Commit, EventLog, Position, ReadableLog } from "../event-log.ts";
import { jobStream } from "../streams.ts";
import {
  completionEvents,
  effectiveCompletion,
  nextCompletion,
  type SiteCompletion,
} from "./effective-completion.ts";

export type MergeDeps = {
  readonly own: EventLog;
  /** Copies of the other ledgers. */
  readonly copies: readonly ReadableLog[];
  readonly context: () => Context;
  /** Told of a job that cannot be decided here, such as one with events of newer code: it is left to who can. */
  readonly onFault: (job: JobId, fault: Fault) => void;
};

/**
 * Reads every ledger to its end, says what is due, then follows all of them. Saying it twice, or at two gateways at once,
 * appends it once. Runs until aborted. @throws Fault of a ledger.
 */
export async function supersedeLost(deps: MergeDeps, signal: AbortSignal): Promise<void> {
  const logs = [deps.own, ...deps.copies];
  const completions = newCompletions();
  const ends = await Promise.all(logs.map((log, index) => readToEnd(log, completions, index)));
  for (const job of completions.contested()) await tellOwn(deps, completions, job);
  const ended = new AbortController();
  const stopped = AbortSignal.any([signal, ended.signal]);
  const follow = async (log: ReadableLog, index: number): Promise<void> => {
    const subscription = log.subscribe(ends[index]);
    onAbort(stopped, subscription.stop);
    try {
      for await (const commit of subscription)
        if (completions.take(commit, index)) await tellOwn(deps, completions, commit.stream.id);
    } finally {
      ended.abort(); // one that ended ends all: whoever runs this starts them together
    }
  };
  const ways = await Promise.allSettled(logs.map(follow));
  const failed = ways.find((way) => way.status === "rejected");
  if (failed) throw failed.reason;
}

const ownIndex = 0;

/** By job, who completed it in which ledger. As large as the number of jobs ever completed. */
function newCompletions() {
  const all = new Map<string, Map<number, SiteCompletion>>();
  return {
    /** @returns whether it said something of a completion. */
    take: (commit: Commit, ledger: number): boolean => {
      const events = completionEvents(commit);
      if (events.length === 0) return false;
      const { id } = commit.stream;
      const known = all.get(id) ?? new Map<number, SiteCompletion>();
      const next = events.reduce(nextCompletion, known.get(ledger));
      if (next) known.set(ledger, next);
      else known.delete(ledger);
      all.set(id, known);
      return true;
    },
    of: (job: JobId): ReadonlyMap<number, SiteCompletion> => all.get(job) ?? new Map(),
    contested: (): readonly JobId[] =>
      [...all].filter(([, known]) => known.size > 1).map(([job]) => job as JobId),
  };
}

type Completions = ReturnType<typeof newCompletions>;

async function readToEnd(
  log: ReadableLog,
  completions: Completions,
  ledger: number,
): Promise<Position | undefined> {
  let last: Position | undefined;
  for await (const commit of log.readAll()) {
    completions.take(commit, ledger);
    last = commit.position;
  }
  return last;
}

async function tellOwn(deps: MergeDeps, completions: Completions, job: JobId): Promise<void> {
  const known = completions.of(job);
  const site = known.get(ownIndex)?.site;
  const lost = effectiveCompletion({ job }, [...known.values()])?.supersede.find((to) => to.site === site);
  if (!lost) return;
  try {
    await execute(deps.own, jobStream(job), jobDecider, lost.command, deps.context());
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "LEDGER_NOT_UNDERSTOOD") throw error;
    deps.onFault(job, error);
  }
}
