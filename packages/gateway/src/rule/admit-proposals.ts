/** What the cluster cannot take is said before it is asked: too big for any node for ever, full for now. Pure. */
import { isRefusal } from "@releve/domain/refusal";
import type { Admission } from "@releve/ledger/dispatch/admission";
import type { JobRequest } from "@releve/ledger/events/job";
import { GatewayFault } from "../faults.ts";
import type { Proposal } from "./propose-jobs.ts";

/**
 * A study is taken whole or not yet: its jobs come together, so one look at the load serves them all.
 * @returns the proposals, with jobs that are too big for any node turned into the application's refusal.
 * @throws GatewayFault CLUSTER_FULL (later), with the forecast in its words.
 */
export function admitProposals(
  proposals: readonly Proposal[],
  admit: (request: JobRequest) => Admission,
): readonly Proposal[] {
  return proposals.map((proposal) => {
    const jobs: JobRequest[] = [];
    let { refused } = proposal;
    for (const job of proposal.jobs) {
      const admission = admit(job);
      if (!isRefusal(admission)) jobs.push(job);
      else if (admission.refused === "CLUSTER_FULL")
        throw new GatewayFault("CLUSTER_FULL", admission.reason, "later");
      else refused = { code: admission.refused, reason: admission.reason };
    }
    return { ...proposal, jobs, ...(refused ? { refused } : {}) };
  });
}
