/** `releve cancel JOB [--reason TEXT]`: a job that waits or runs is ended without a result. */
import type { JobId } from "@releve/domain/ids";
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import { execute } from "@releve/ledger/command-handler";
import { jobDecider } from "@releve/ledger/deciders/job";
import { jobStream } from "@releve/ledger/streams";
import type { EventIndex } from "@releve/ledger/views/event-index";
import { actOnLedger, oneByPrefix, operatorContext, type Ledger } from "./act-on-ledger.ts";

export type CancelArgs = {
  readonly data: string;
  readonly job: string;
  readonly reason?: string | undefined;
};

/** @returns the exit code. @throws Fault ID_UNKNOWN, ID_AMBIGUOUS; those of the ledger. */
export const cancel = (args: CancelArgs): Promise<number> =>
  actOnLedger(args.data, (ledger) => cancelJob(ledger, args));

export async function cancelJob(
  { log, index }: Ledger,
  { job, reason = "cancelled by an operator" }: Omit<CancelArgs, "data">,
): Promise<string | Refusal> {
  const { id, site } = oneByPrefix(jobsIn(index), job, "job");
  const command = { type: "cancel", reason } as const;
  const done = await execute(log, jobStream(id), jobDecider, command, operatorContext(site));
  if (isRefusal(done)) return done;
  return `job ${id} is cancelled${done.events.length > 0 ? "" : " already"}`;
}

export const jobsIn = (index: EventIndex): readonly { readonly id: JobId; readonly site: string }[] =>
  index.all.flatMap(({ event }) =>
    event.type === "JobRequested" ? [{ id: event.job, site: event.inputSite }] : [],
  );
