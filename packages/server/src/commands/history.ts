/** `releve history`: the ledger's events, oldest first. */
import type { IndexedEvent } from "@releve/ledger/views/event-index";
import { studyIdOf } from "@releve/domain/ids";
import { Fault } from "@releve/domain/fault";
import { formatEvent } from "./format-event.ts";
import { readRunningLedger } from "./open-running.ts";

export type HistoryArgs = {
  readonly data: string;
  readonly json?: boolean | undefined;
  readonly study?: string | undefined;
  readonly job?: string | undefined;
  readonly since?: string | undefined;
};

/** @returns the exit code. @throws Fault SINCE_INVALID; those of the ledger. */
export async function showHistory(args: HistoryArgs): Promise<number> {
  const wanted = wantedEvents(args);
  const index = await readRunningLedger(args.data);
  const events = index.all.filter(wanted);
  const lines = args.json ? [JSON.stringify(events, undefined, 2)] : events.map(formatEvent);
  for (const line of lines) process.stdout.write(`${line}\n`);
  return 0;
}

/** Ids may be cut short, as `jobs` prints them; a study may also be named by its Study Instance UID. */
export function wantedEvents({
  study,
  job,
  since,
}: Omit<HistoryArgs, "data">): (event: IndexedEvent) => boolean {
  const sinceMs = since === undefined ? 0 : Date.parse(since);
  if (Number.isNaN(sinceMs))
    throw new Fault("SINCE_INVALID", "--since takes a date and time, such as 2026-01-31T08:00Z", "never");
  const studyId = study?.includes(".") ? studyIdOf(study) : study;
  return ({ event, context }) =>
    context.atMs >= sinceMs &&
    (studyId === undefined || ("study" in event && event.study.startsWith(studyId))) &&
    (job === undefined || ("job" in event && event.job.startsWith(job)));
}
