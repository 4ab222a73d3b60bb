/**
 * Who moves first for a job: highest random weight (rendezvous) hashing. Every dispatcher computes the same order without
 * asking anybody, each job has its own order, and a node that goes away moves only the jobs that it was first for.
 */
import { createHash } from "node:crypto";
import type { JobId, NodeId, SiteId } from "@releve/domain/ids";

export type NodeName = { readonly node: NodeId; readonly site: SiteId };

export const sameNode = (a: NodeName, b: NodeName): boolean => a.node === b.node && a.site === b.site;

/** The nodes in the order in which they may claim the job; those in `avoid`, where it failed before, come last. */
export function rankNodes<Node extends NodeName>(
  job: JobId,
  nodes: readonly Node[],
  avoid: readonly NodeId[] = [],
): readonly Node[] {
  const weighed = nodes.map((node) => ({
    node,
    avoided: Number(avoid.includes(node.node)),
    weight: weightOf(job, node),
  }));
  weighed.sort((a, b) => a.avoided - b.avoided || (a.weight < b.weight ? 1 : -1));
  return weighed.map(({ node }) => node);
}

/** 256 bits as text: two nodes have the same weight only when they have the same name. */
const weightOf = (job: JobId, { node, site }: NodeName): string =>
  createHash("sha256").update(`${job} ${site} ${node}`).digest("hex");
