/**
 * A reconstruction node as the ledger knows it; heartbeats are not here.
 *
 *   none --join--> alive --lose--> lost --join--> alive
 *                  ^   | \---leave--> left --join--> alive
 *           resume |   v drain        ^
 *                 draining ---leave---'   (and --lose--> lost)
 *
 * A restarted process is a new incarnation: it joins again, also over one that nobody declared lost.
 */
import type { NodeId, SiteId } from "@releve/domain/ids";
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { Decider } from "../decider.ts";
import type { KernelTested, NodeEvent } from "../events/node.ts";

// ---- State

type Member = { readonly node: NodeId; readonly site: SiteId; readonly incarnation?: string };

type Working = Member & {
  readonly slots: number;
  readonly engine: string;
  readonly memoryBytes: number | null;
};

export type NodeState =
  | { readonly status: "none" }
  | ({ readonly status: "alive" } & Working)
  /** It claims nothing more and leaves when its jobs are done. */
  | ({ readonly status: "draining"; readonly reason: string } & Working)
  | ({ readonly status: "lost"; readonly silentMs: number } & Member)
  | ({ readonly status: "left" } & Member);

// ---- Commands

export type NodeCommand =
  | ({
      readonly type: "join";
      readonly incarnation: string;
      readonly slots: number;
      readonly engine: string;
      readonly memoryBytes: number | null;
      /** What its self-test gave, in the same commit; absent for one that computes nothing. */
      readonly kernels?: readonly KernelTested[];
    } & Member)
  /** The observer names the incarnation that fell silent: the next one may be alive already. */
  | { readonly type: "lose"; readonly incarnation: string; readonly silentMs: number }
  | { readonly type: "leave"; readonly incarnation: string }
  /** A person's words: they mean the node, whichever start of it runs. */
  | { readonly type: "drain"; readonly reason: string }
  | { readonly type: "resume" };

// ---- Decide

export function decideNode(command: NodeCommand, state: NodeState): readonly NodeEvent[] | Refusal {
  if (command.type === "join") return join(command, state);
  if (state.status === "none") return refusal("NODE_UNKNOWN", "No such node ever joined.");
  if (command.type === "drain" || command.type === "resume") return drainOrResume(command, state);
  if (state.incarnation !== command.incarnation)
    return refusal("STALE_INCARNATION", "The node has been started again since.");
  if (state.status === "lost" || state.status === "left") return [];
  const { node, site } = state;
  switch (command.type) {
    case "lose":
      return [{ type: "NodeLost", node, site, silentMs: command.silentMs, incarnation: command.incarnation }];
    case "leave":
      return [{ type: "NodeLeft", node, site }];
  }
}

function join(command: Extract<NodeCommand, { type: "join" }>, state: NodeState): readonly NodeEvent[] {
  const { type: _, kernels, ...member } = command;
  const running = state.status === "alive" || state.status === "draining";
  const already = running && state.incarnation === command.incarnation;
  if (already) return [];
  const { node, site } = member;
  const tested = kernels ? [{ type: "NodeSelfTested", node, site, kernels } as const] : [];
  return [{ type: "NodeJoined", ...member }, ...tested];
}

function drainOrResume(
  command: Extract<NodeCommand, { type: "drain" | "resume" }>,
  state: Exclude<NodeState, { status: "none" }>,
): readonly NodeEvent[] | Refusal {
  if (state.status === "lost" || state.status === "left")
    return refusal("NODE_GONE", "The node is not running.");
  const { node, site } = state;
  if (command.type === "drain")
    return state.status === "draining" ? [] : [{ type: "NodeDraining", node, site, reason: command.reason }];
  return state.status === "alive" ? [] : [{ type: "NodeResumed", node, site }];
}

// ---- Evolve

/** @throws Error when the events cannot follow each other: no decider wrote them. */
export function evolveNode(state: NodeState, event: NodeEvent): NodeState {
  if (event.type === "NodeJoined") {
    const { type: _, ...member } = event;
    return { status: "alive", ...member };
  }
  if (state.status === "none") throw new Error(`${event.type} before NodeJoined`);
  const { node, site, incarnation } = state;
  const member: Member = { node, site, ...(incarnation === undefined ? {} : { incarnation }) };
  switch (event.type) {
    case "NodeSelfTested":
      return state;
    case "NodeDraining":
      return { ...working(state, event.type), status: "draining", reason: event.reason };
    case "NodeResumed":
      return { status: "alive", ...working(state, event.type) };
    case "NodeLost":
      return { status: "lost", ...member, silentMs: event.silentMs };
    case "NodeLeft":
      return { status: "left", ...member };
  }
}

function working(state: NodeState, type: NodeEvent["type"]): Working {
  if (state.status !== "alive" && state.status !== "draining")
    throw new Error(`${type} of a node that was ${state.status}`);
  const { node, site, incarnation, slots, engine, memoryBytes } = state;
  return { node, site, slots, engine, memoryBytes, ...(incarnation === undefined ? {} : { incarnation }) };
}

export const nodeDecider: Decider<NodeState, NodeCommand, NodeEvent> = {
  kind: "node",
  initial: { status: "none" },
  decide: decideNode,
  evolve: evolveNode,
};
