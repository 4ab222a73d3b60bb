/** `releve retry JOB|DELIVERY [--reason TEXT]`: asks again for what was given up, with all attempts before it. */
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import { execute } from "@releve/ledger/command-handler";
import { deliveryDecider } from "@releve/ledger/deciders/delivery";
import { jobDecider } from "@releve/ledger/deciders/job";
import { deliveryStream, jobStream } from "@releve/ledger/streams";
import { actOnLedger, oneByPrefix, operatorContext, type Ledger } from "./act-on-ledger.ts";
import { jobsIn } from "./cancel.ts";

export type RetryArgs = {
  readonly data: string;
  readonly id: string;
  readonly reason?: string | undefined;
};

/** @returns the exit code. @throws Fault ID_UNKNOWN, ID_AMBIGUOUS; those of the ledger. */
export const retry = (args: RetryArgs): Promise<number> =>
  actOnLedger(args.data, (ledger) => retryJobOrDelivery(ledger, args));

export async function retryJobOrDelivery(
  { log, index }: Ledger,
  { id, reason = "asked for again by an operator" }: Omit<RetryArgs, "data">,
): Promise<string | Refusal> {
  const jobs = jobsIn(index).map((job) => ({ ...job, kind: "job" as const }));
  const deliveries = index.all.flatMap(({ event }) =>
    event.type === "DeliveryRequested"
      ? [{ id: event.delivery, site: event.site, kind: "delivery" as const }]
      : [],
  );
  const found = oneByPrefix([...jobs, ...deliveries], id, "job or delivery");
  const command = { type: "retry", reason } as const;
  const context = operatorContext(found.site);
  const done = await (found.kind === "job"
    ? execute(log, jobStream(found.id), jobDecider, command, context)
    : execute(log, deliveryStream(found.id), deliveryDecider, command, context));
  if (isRefusal(done)) return done;
  const what = `${found.kind} ${found.id}`;
  return done.events.length > 0
    ? `${what} is tried again`
    : `${what} was not given up: there is nothing to retry`;
}
