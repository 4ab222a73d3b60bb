/**
 * Where a job is best done: the nodes in the order in which they may claim it. The order is that of the cost (time until
 * the inputs are there, slower engines) where costs differ clearly, else rendezvous. Pure; bandwidths and where the inputs
 * lie come in as data. Nodes may measure differently and so order differently: that costs a lost race, never a job.
 */
import type { NodeId, SiteId } from "@releve/domain/ids";
import type { JobId } from "@releve/domain/ids";
import { rankNodes, type NodeName } from "./rendezvous.ts";

export type NodeWithSlots = NodeName & {
  readonly freeSlots: number;
  /** What one job may need at its peak; null or absent: not known, and then it is tried. */
  readonly memoryBytes?: number | null;
  /** The kernels' engine, such as `gpu.js/webasm`. */
  readonly engine?: string;
};

/** A site that holds this fraction of the inputs, 0 to 1. */
export type InputPlace = { readonly site: SiteId; readonly fraction: number };

export type PlacedJob = {
  readonly job: JobId;
  /** Nodes on which an attempt failed or was lost. */
  readonly avoid: readonly NodeId[];
  readonly needBytes: number;
  readonly inputBytes: number;
  readonly inputs: readonly InputPlace[];
};

/** Bytes per second from one site to another. */
export type Bandwidth = (from: SiteId, to: SiteId) => number;

/** 100 Mbit/s: what a hospital's link between two sites gives at least. Taken until something was measured. */
export const defaultBandwidth: Bandwidth = () => 12_500_000;

/** Costs that differ by less than a second are equal: rendezvous then spreads the jobs. */
export const clearMs = 1_000;

/** True unless the node says that it has less memory than the job needs. */
export const fits = ({ memoryBytes }: NodeWithSlots, { needBytes }: PlacedJob): boolean =>
  memoryBytes === undefined || memoryBytes === null || memoryBytes >= needBytes;

/** The order in which these nodes may claim the job; nodes where it failed before come last. */
export function orderNodes<Node extends NodeWithSlots>(
  job: PlacedJob,
  nodes: readonly Node[],
  bandwidth: Bandwidth = defaultBandwidth,
): readonly Node[] {
  const ranked = rankNodes(job.job, nodes, job.avoid).map((node) => ({
    node,
    avoided: Number(job.avoid.includes(node.node)),
    step: Math.floor(costMs(job, node, bandwidth) / clearMs),
  }));
  ranked.sort((a, b) => a.avoided - b.avoided || a.step - b.step);
  return ranked.map(({ node }) => node);
}

export const costMs = (job: PlacedJob, node: NodeWithSlots, bandwidth: Bandwidth): number =>
  transferMs(job, node.site, bandwidth) + slownessMs(node);

/** How long the missing inputs take to the site, from the holder that sends fastest. */
export function transferMs({ inputs, inputBytes }: PlacedJob, to: SiteId, bandwidth: Bandwidth): number {
  const here = inputs.find(({ site }) => site === to)?.fraction ?? 0;
  const missingBytes = inputBytes * (1 - here);
  const rates = inputs
    .filter(({ site, fraction }) => site !== to && fraction > here)
    .map(({ site }) => bandwidth(site, to));
  return missingBytes <= 0 || rates.length === 0 ? 0 : (missingBytes / Math.max(...rates)) * 1_000;
}

/** Plain JavaScript takes about four times as long as WebAssembly with SIMD: for a job of some seconds this much more. */
const plainJavaScriptMs = 10_000;

const slownessMs = ({ engine }: NodeWithSlots): number =>
  engine?.startsWith("gpu.js/cpu") ? plainJavaScriptMs : 0;
