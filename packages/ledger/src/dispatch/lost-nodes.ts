/**
 * Which jobs to take from whom. Each release names the token that it saw, so one that comes late, or from several observers
 * at once, is refused and harms nobody.
 */
import type { JobId } from "@releve/domain/ids";
import type { Claim, JobCommand } from "../deciders/job.ts";
import { sameNode, type NodeName } from "./rendezvous.ts";

export type HeldJob = { readonly job: JobId } & Claim;
/** A start of a node's process. */
export type Incarnation = NodeName & { readonly incarnation: string };
export type Release = {
  readonly job: JobId;
  readonly command: Extract<JobCommand, { type: "release" }>;
};

/** Releases of what lost incarnations hold; a claim that names no incarnation goes with its node. */
export function releasesOfLost(held: readonly HeldJob[], lost: readonly Incarnation[]): readonly Release[] {
  return held.filter((claim) => lost.some((gone) => isHolder(claim, gone))).map(nodeLost);
}

const isHolder = (claim: HeldJob, { incarnation, ...name }: Incarnation): boolean =>
  sameNode(claim, name) && (claim.incarnation === undefined || claim.incarnation === incarnation);

const nodeLost = ({ job, token }: HeldJob): Release => ({
  job,
  command: { type: "release", token, reason: "node-lost" },
});
