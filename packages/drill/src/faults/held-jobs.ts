/** Who holds which job at the moment, by the ledger as the drill has heard it. */
import type { EventIndex } from "@releve/ledger/views/event-index";
import { jobsOf } from "@releve/server/demo/summary";

export type HeldJob = { readonly job: string; readonly node: string };

export const heldJobs = (index: EventIndex): HeldJob[] =>
  jobsOf(index).flatMap(({ job, node, status }) =>
    status === "running" && node !== undefined ? [{ job, node }] : [],
  );
