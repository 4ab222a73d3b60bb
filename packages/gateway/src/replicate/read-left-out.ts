/** Studies that the fold had no room for are read again, a few at a time, once there is. */
import type { StudyId } from "@releve/domain/ids";
import type { Commit, EventLog } from "@releve/ledger/event-log";
import { jobStream, studyStream } from "@releve/ledger/streams";
import type { Lacking } from "./lacking.ts";

const studiesAtOnce = 20;

/** @throws Fault of the ledger. */
export async function readLeftOut(log: EventLog, lacking: Lacking, nowMs: number): Promise<void> {
  if (lacking.leftOut.size === 0 || !lacking.hasRoom()) return;
  for (const study of [...lacking.leftOut].slice(0, studiesAtOnce)) {
    const commits = await commitsOf(log, study);
    lacking.takeLeftOut(study);
    for (const { events } of commits) for (const envelope of events) lacking.apply(envelope, nowMs);
  }
}

/** The jobs' commits before the study's own, which tell last what was copied. */
async function commitsOf(log: EventLog, study: StudyId): Promise<readonly Commit[]> {
  const own = await log.read(studyStream(study));
  const events = own.flatMap((commit) => commit.events.map(({ event }) => event));
  const jobs = events.flatMap((event) =>
    event.type === "StudyRuled" ? event.decisions.flatMap((decision) => decision.jobs) : [],
  );
  const ofJobs: Commit[] = [];
  for (const job of new Set(jobs)) ofJobs.push(...(await log.read(jobStream(job))));
  return [...ofJobs, ...own];
}
