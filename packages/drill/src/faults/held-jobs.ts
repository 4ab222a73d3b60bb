/** Who holds which job at the moment, by the ledger as the drill has heard it. */
import type { EventIndex } from "@releve/ledger/views/event-index";
import type { ManagedProcess } from "@releve/server/cluster/running-cluster";
import { jobsOf } from "@releve/server/demo/summary";
import { pickProcess, type Harm } from "./fault.ts";

export type HeldJob = { readonly job: string; readonly node: string };

export const heldJobs = (index: EventIndex): HeldJob[] =>
  jobsOf(index).flatMap(({ job, node, status }) =>
    status === "running" && node !== undefined ? [{ job, node }] : [],
  );

export type Holder = { readonly node: ManagedProcess; readonly jobs: ReadonlySet<string> };

/** A node that holds jobs at the moment, with them; any node while none does. */
export function pickHolder(harm: Pick<Harm, "stage" | "random">): Holder {
  const held = heldJobs(harm.stage.watch.index());
  const atWork = new Set(held.map(({ node }) => node));
  const node = pickProcess(
    harm,
    ({ name, role }) => role === "recon" && (atWork.size === 0 || atWork.has(name)),
  );
  return { node, jobs: new Set(held.filter((one) => one.node === node.name).map(({ job }) => job)) };
}
