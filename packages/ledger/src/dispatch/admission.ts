/**
 * Whether the cluster takes one more job. A full cluster says no at once, with a reason and a forecast, instead of queueing
 * what it cannot do in time; what no node can do is refused, whatever the load. Pure: the load comes in.
 */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { JobPriority, JobRequest } from "../events/job.ts";

export type NodeCapacity = {
  readonly slots: number;
  /** What one job may need at its peak; null: not known. */
  readonly memoryBytes: number | null;
};

export type ClusterLoad = {
  /** The reconstruction nodes that are heard and do not drain; empty: none is known at this moment. */
  readonly nodes: readonly NodeCapacity[];
  readonly waiting: number;
  readonly running: number;
  /** Time from one job's end to the next one's, over the whole cluster; null: too few ended to say. */
  readonly msPerJob: number | null;
};

/** `forecastMs`: until a slot is free for one more job; null: not to be said. */
export type AdmissionRefusal = Refusal & { readonly forecastMs: number | null };
export type Admission = { readonly admitted: true; readonly forecastMs: number | null } | AdmissionRefusal;

/**
 * Jobs that may wait for each slot there is. A routine job of a minute is then refused when its turn would come after more
 * than an hour and a half; what a person waits for is let in long after the rules are held back.
 */
export const waitingPerSlotMax: Readonly<Record<JobPriority, number>> = {
  routine: 100,
  urgent: 200,
  stat: 400,
};

/** @returns refused with TOO_BIG_FOR_ANY_NODE (for ever, with these nodes) or CLUSTER_FULL (for now). */
export function admit(load: ClusterLoad, request: Pick<JobRequest, "needBytes" | "priority">): Admission {
  if (isTooBigFor(load.nodes, request.needBytes)) return tooBig(load.nodes, request.needBytes);
  const forecastMs = forecastOf(load);
  // Nobody heard is most often an observer that has just started: it still lets in what one slot's queue takes.
  const slots = Math.max(1, slotsOf(load));
  if (load.waiting < slots * waitingPerSlotMax[request.priority]) return { admitted: true, forecastMs };
  const when = forecastMs === null ? "" : ` a slot is free in about ${inWords(forecastMs)}`;
  const full = refusal(
    "CLUSTER_FULL",
    `${load.waiting} jobs wait for ${slotsOf(load)} slots:${when || " try later"}.`,
  );
  return { ...full, forecastMs };
}

/** True when every known node says that it has less; never when none is known. */
export const isTooBigFor = (
  nodes: readonly Pick<NodeCapacity, "memoryBytes">[],
  needBytes: number,
): boolean =>
  nodes.length > 0 && nodes.every(({ memoryBytes }) => memoryBytes !== null && memoryBytes < needBytes);

const slotsOf = ({ nodes }: ClusterLoad): number => nodes.reduce((sum, { slots }) => sum + slots, 0);

function forecastOf(load: ClusterLoad): number | null {
  const ahead = load.waiting + load.running - slotsOf(load);
  if (load.nodes.length > 0 && ahead < 0) return 0;
  return load.msPerJob === null ? null : Math.round((Math.max(0, ahead) + 1) * load.msPerJob);
}

function tooBig(nodes: ClusterLoad["nodes"], needBytes: number): AdmissionRefusal {
  const most = Math.max(...nodes.map(({ memoryBytes }) => memoryBytes ?? 0));
  const reason = `The job needs ${mebibytes(needBytes)}; the largest of the ${nodes.length} nodes gives ${mebibytes(most)}.`;
  return { ...refusal("TOO_BIG_FOR_ANY_NODE", reason), forecastMs: null };
}

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 1024 / 1024)} MiB`;

function inWords(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
