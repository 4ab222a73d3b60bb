/** `releve jobs`: one line per job, newest last; a job of another ledger is named by that. */
import { joinedModels, type HomedJob } from "@releve/ledger/read-models/joined-models";
import { withAllModels, type ModelArgs } from "./with-read-model.ts";

export type JobsArgs = ModelArgs & {
  readonly json?: boolean | undefined;
  readonly study?: string | undefined;
  readonly status?: string | undefined;
};

/** @returns the exit code. @throws those of the ledger and of the file. */
export async function showJobs(args: JobsArgs): Promise<number> {
  const { study = "", status } = args;
  const all = await withAllModels(args, (own, copies) => joinedModels(own, copies).jobs({ status }));
  const jobs = all.filter((job) => job.study.startsWith(study)).toReversed();
  const lines = args.json ? [JSON.stringify(jobs, undefined, 2)] : jobs.map(formatJob);
  for (const line of lines) process.stdout.write(`${line}\n`);
  return 0;
}

export function formatJob(job: HomedJob): string {
  const took = job.computeMs === undefined ? "" : `${job.computeMs} ms`;
  const deadline = job.deadlineAtMs === null ? "" : `by ${new Date(job.deadlineAtMs).toISOString()}`;
  return [
    job.job.slice(0, 8),
    job.application.padEnd(8),
    job.status.padEnd(10),
    job.priority.padEnd(7),
    (job.node ?? "-").padEnd(6),
    `attempts ${job.attempts}`,
    took,
    job.reason ?? `${job.outputs.length} objects`,
    deadline,
    job.home === null ? "" : `in the ledger of ${job.home}`,
  ]
    .filter((part) => part !== "")
    .join("  ");
}
