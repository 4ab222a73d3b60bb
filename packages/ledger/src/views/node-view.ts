/** A node as the ledger has it; what it does this very second its heartbeats tell. */
import type { EventEnvelope } from "../envelope.ts";
import type { KernelTested, NodeEvent } from "../events/node.ts";

export type NodeView = {
  readonly node: string;
  readonly site: string;
  readonly status: "alive" | "draining" | "lost" | "left";
  readonly sinceMs: number;
  readonly slots: number;
  readonly engine: string;
  readonly memoryBytes: number | null;
  readonly incarnation?: string;
  /** What its self-test gave when it joined. */
  readonly kernels?: readonly KernelTested[];
  /** Why it drains, or for how long it was silent. */
  readonly reason?: string;
};

/** One event further; undefined where a stream begins with something else than a join. */
export function nextNodeView(view: NodeView | undefined, envelope: EventEnvelope): NodeView | undefined {
  const event = envelope.event as NodeEvent;
  const sinceMs = envelope.context.atMs;
  if (event.type === "NodeJoined") {
    const { type: _, ...member } = event;
    return { ...member, status: "alive", sinceMs };
  }
  if (!view) return undefined;
  if (event.type === "NodeSelfTested") return { ...view, kernels: event.kernels };
  const { reason: _, ...rest } = view;
  switch (event.type) {
    case "NodeDraining":
      return { ...rest, status: "draining", sinceMs, reason: event.reason };
    case "NodeResumed":
      return { ...rest, status: "alive", sinceMs };
    case "NodeLost":
      return { ...rest, status: "lost", sinceMs, reason: `silent for ${Math.round(event.silentMs)} ms` };
    case "NodeLeft":
      return { ...rest, status: "left", sinceMs };
  }
}
