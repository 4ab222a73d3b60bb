/** What a run still waits for, from the ledger alone. Pure. */
import type { EventIndex } from "@releve/ledger/views/event-index";
import { deliveriesOf, jobsOf, studiesOf } from "./summary.ts";

export type Wanted = { readonly studies: ReadonlySet<string>; readonly destinations: number };

/** Sentences; none when every wanted study is ruled, its jobs have ended and their results were delivered. */
export function unfinished(index: EventIndex, { studies, destinations }: Wanted): string[] {
  const ruled = new Set(studiesOf(index).flatMap(({ study, status }) => (status === "ruled" ? [study] : [])));
  const waiting = [...studies].filter((study) => !ruled.has(study));
  const jobs = jobsOf(index).filter((job) => studies.has(job.study));
  const open = jobs.filter(({ status }) => status === "waiting" || status === "running");
  const completed = new Set(jobs.filter(({ status }) => status === "completed").map(({ job }) => job));
  const arrived = deliveriesOf(index).filter(
    ({ job, status }) => completed.has(job) && status === "delivered",
  ).length;
  const missing = completed.size * destinations - arrived;
  return [
    ...(waiting.length > 0 ? [`${waiting.length} studies are not settled`] : []),
    ...(open.length > 0 ? [`${open.length} jobs are not finished`] : []),
    ...(missing > 0 ? [`${missing} deliveries have not arrived`] : []),
  ];
}
