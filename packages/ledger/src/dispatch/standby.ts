/**
 * Who gets a claimed job's inputs in advance: the node that would be first if the holder's whole site were lost. Pure, and
 * the same on every node, so that nobody has to ask.
 */
import type { JobId } from "@releve/domain/ids";
import {
  defaultBandwidth,
  fits,
  orderNodes,
  transferMs,
  type Bandwidth,
  type NodeWithSlots,
  type PlacedJob,
} from "./placement.ts";
import { sameNode, type NodeName } from "./rendezvous.ts";

/** The first in order outside of the holder's site, whether it has a slot free or not; undefined where there is none. */
export function standbyOf<Node extends NodeWithSlots>(
  job: PlacedJob,
  holder: NodeName,
  nodes: readonly Node[],
  bandwidth: Bandwidth = defaultBandwidth,
): Node | undefined {
  const elsewhere = nodes.filter((node) => node.site !== holder.site && fits(node, job));
  return orderNodes(job, elsewhere, bandwidth)[0];
}

export type ClaimedJob = PlacedJob & { readonly holder: NodeName };

/** The first of the claimed jobs whose inputs `own` should fetch: it is the standby, and its site does not hold them all. */
export function nextPreStage(
  claimed: readonly ClaimedJob[],
  nodes: readonly NodeWithSlots[],
  own: NodeWithSlots,
  done: ReadonlySet<JobId>,
  bandwidth: Bandwidth = defaultBandwidth,
): JobId | undefined {
  const others = nodes.filter((node) => !sameNode(node, own));
  return claimed.find((job) => {
    if (done.has(job.job) || transferMs(job, own.site, bandwidth) === 0) return false;
    const standby = standbyOf(job, job.holder, [...others, own], bandwidth);
    return standby !== undefined && sameNode(standby, own);
  })?.job;
}
