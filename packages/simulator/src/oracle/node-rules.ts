/** What may be said of a node in its stream: it is lost only in the start that was observed, and not without a reason. */
import type { RawCommit } from "./raw-commit.ts";

export type NodeRecord = { status: "none" | "alive" | "draining" | "lost" | "left"; incarnation: string };
export const newNodeRecord = (): NodeRecord => ({ status: "none", incarnation: "" });

export type NodeRuleDeps = {
  readonly violated: (what: string) => void;
  readonly mayBeLost: (node: string, incarnation: string) => boolean;
};

export function followNode(node: NodeRecord, commit: RawCommit, deps: NodeRuleDeps): void {
  for (const event of commit.events) {
    const name = String(event["node"]);
    const say = (what: string) => deps.violated(`node ${name} at ${commit.seq}: ${what}`);
    const works = node.status === "alive" || node.status === "draining";
    if (event.type === "NodeJoined") node.incarnation = String(event["incarnation"]);
    else if (node.status === "none") say(`${event.type} before it joined`);
    if (event.type === "NodeLost") {
      if (!works) say(`lost while it was ${node.status}`);
      if (event["incarnation"] !== node.incarnation) say("the start that was lost is not the one that works");
      if (!deps.mayBeLost(name, node.incarnation)) say("lost, though nothing happened to it");
    }
    node.status = after[event.type] ?? node.status;
  }
}

const after: Readonly<Record<string, NodeRecord["status"]>> = {
  NodeJoined: "alive",
  NodeResumed: "alive",
  NodeDraining: "draining",
  NodeLost: "lost",
  NodeLeft: "left",
};
