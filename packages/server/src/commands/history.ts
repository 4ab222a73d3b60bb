/** `releve history`: the ledger's events, oldest first; a job's with all that touched it. */
import { Fault } from "@releve/domain/fault";
import { studyIdOf, type JobId } from "@releve/domain/ids";
import type { StreamKind } from "@releve/ledger/event-log";
import { jobHistory } from "@releve/ledger/read-models/job-history";
import type { ModelEvent, ModelQueries } from "@releve/ledger/read-models/model-queries";
import { oneByPrefix } from "./act-on-ledger.ts";
import { formatEvent } from "./format-event.ts";
import { withReadModel, type ModelArgs } from "./with-read-model.ts";

export type HistoryArgs = ModelArgs & {
  readonly json?: boolean | undefined;
  readonly study?: string | undefined;
  readonly job?: string | undefined;
  readonly since?: string | undefined;
};

/** @returns the exit code. @throws Fault SINCE_INVALID, ID_UNKNOWN, ID_AMBIGUOUS; those of the ledger. */
export async function showHistory(args: HistoryArgs): Promise<number> {
  const sinceMs = momentOf(args.since);
  const events = await withReadModel(args, (model) => model.ask((queries) => historyOf(queries, args)));
  const wanted = events.filter((entry) => entry.unread !== null || entry.context.atMs >= sinceMs);
  const lines = args.json ? [JSON.stringify(wanted, undefined, 2)] : wanted.map(lineOf);
  for (const line of lines) process.stdout.write(`${line}\n`);
  return 0;
}

/** Ids may be cut short, as `jobs` prints them; a study may also be named by its Study Instance UID. */
export function historyOf(
  queries: Pick<ModelQueries, "events" | "view" | "ids">,
  { study, job }: Pick<HistoryArgs, "study" | "job">,
): ModelEvent[] {
  const whole = (kind: StreamKind, prefix: string): string =>
    oneByPrefix(
      queries.ids(kind, prefix, 2).map((id) => ({ id })),
      prefix,
      kind,
    ).id;
  if (job !== undefined) return jobHistory(queries, whole("job", job) as JobId);
  if (study === undefined) return queries.events().toReversed();
  return queries
    .events({ study: whole("study", study.includes(".") ? studyIdOf(study) : study) })
    .toReversed();
}

export function momentOf(since: string | undefined): number {
  const sinceMs = since === undefined ? 0 : Date.parse(since);
  if (!Number.isNaN(sinceMs)) return sinceMs;
  throw new Fault("SINCE_INVALID", "--since takes a date and time, such as 2026-01-31T08:00Z", "never");
}

function lineOf(entry: ModelEvent): string {
  if (entry.unread === null) return formatEvent(entry);
  const { kind, id } = entry.stream;
  return `${kind} ${id.slice(0, 8)}: cannot be read here (${entry.unread}): ${entry.json}`;
}
