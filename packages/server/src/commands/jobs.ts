/** `releve jobs`: one line per job, newest last. */
import type { JobView } from "@releve/ledger/views/job-view";
import { jobsOf } from "../demo/summary.ts";
import { readRunningLedger } from "./open-running.ts";

export async function showJobs(args: {
  readonly data: string;
  readonly json?: boolean | undefined;
  readonly study?: string | undefined;
}): Promise<number> {
  const index = await readRunningLedger(args.data);
  const jobs = jobsOf(index).filter(({ study }) => args.study === undefined || study.startsWith(args.study));
  const lines = args.json ? [JSON.stringify(jobs, undefined, 2)] : jobs.map(formatJob);
  for (const line of lines) process.stdout.write(`${line}\n`);
  return 0;
}

function formatJob({
  job,
  application,
  status,
  node,
  attempts,
  computeMs,
  outputs,
  reason,
}: JobView): string {
  const took = computeMs === undefined ? "" : `${computeMs} ms`;
  const what = reason ?? `${outputs.length} objects`;
  return [
    job.slice(0, 8),
    application.padEnd(8),
    status.padEnd(10),
    (node ?? "-").padEnd(6),
    `attempts ${attempts}`,
    took,
    what,
  ].join("  ");
}
