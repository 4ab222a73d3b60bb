/** This node as the ledger has it: whether it is to drain, and whether others declared it lost while it lives. */
import { nodeDecider, type NodeState } from "@releve/ledger/deciders/node";
import type { Incarnation } from "@releve/ledger/dispatch/lost-nodes";
import type { Commit } from "@releve/ledger/event-log";
import type { NodeEvent } from "@releve/ledger/events/node";
import { nodeStream } from "@releve/ledger/streams";

export type OwnNode = {
  /** Takes a commit of any stream. @returns true when it was one of this node. */
  readonly apply: (commit: Commit) => boolean;
  /** It finishes what it holds, claims nothing more, and leaves. Whoever declares it lost meanwhile changes nothing of that. */
  readonly draining: () => boolean;
  /** The ledger does not have this start of the node as running. */
  readonly isMissing: () => boolean;
};

export function ownNode(self: Incarnation): OwnNode {
  const { id } = nodeStream(self.site, self.node);
  let state: NodeState = nodeDecider.initial;
  let draining = false;

  const take = (event: NodeEvent, commit: Commit) => {
    state = nodeDecider.evolve(state, event, commit.version);
    if (isOwn(state) && (event.type === "NodeDraining" || event.type === "NodeResumed"))
      draining = event.type === "NodeDraining";
  };
  const isOwn = (of: NodeState) => of.status !== "none" && of.incarnation === self.incarnation;
  return {
    apply: (commit) => {
      if (commit.stream.kind !== "node" || commit.stream.id !== id) return false;
      try {
        for (const { event } of commit.events) take(event as NodeEvent, commit);
      } catch {
        // It follows on events that this version cannot read: what was known stays, and a node must not end by it at each start.
      }
      return true;
    },
    draining: () => draining,
    isMissing: () => !isOwn(state) || state.status === "lost",
  };
}
