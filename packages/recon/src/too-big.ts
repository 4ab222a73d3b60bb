/** Jobs that wait for nothing: each node that is known has less memory than they need. Pure. */
import type { JobId } from "@releve/domain/ids";
import { isTooBigFor } from "@releve/ledger/dispatch/admission";
import type { WaitingJob } from "@releve/ledger/dispatch/next-claim";
import type { NodeWithSlots } from "@releve/ledger/dispatch/placement";

/** Nodes that start together know each other by then: only after that a job is too big for all of them. */
const tooBigAfterMs = 30_000;

export function tooBigJobs(
  waiting: readonly WaitingJob[],
  nodes: readonly NodeWithSlots[],
  nowMs: number,
): readonly { readonly job: JobId; readonly reason: string }[] {
  const offers = nodes.map(({ memoryBytes = null }) => ({ memoryBytes }));
  return waiting
    .filter((job) => nowMs - job.waitingSinceMs >= tooBigAfterMs && isTooBigFor(offers, job.needBytes))
    .map(({ job, needBytes }) => ({
      job,
      reason: `The job needs ${needBytes} bytes of memory, more than each of the ${nodes.length} nodes has.`,
    }));
}
