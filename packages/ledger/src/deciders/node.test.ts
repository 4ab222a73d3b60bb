import type { NodeId, SiteId } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import { decideNode, evolveNode, nodeDecider, type NodeCommand, type NodeState } from "./node.ts";
import { checkTransitions, type TransitionTable } from "./transitions.fixture.ts";

const join = (incarnation: string): NodeCommand => ({
  type: "join",
  node: "a1" as NodeId,
  site: "site-a" as SiteId,
  incarnation,
  slots: 1,
  engine: "gpu.js/webasm",
  memoryBytes: 1024,
});
const kernels = [
  { kernel: "reslice", engine: "gpu.js/webasm", ok: true, worst: 0.01, tolerance: 0.25, reason: null },
];
const joinTested: NodeCommand = { ...(join("1") as Extract<NodeCommand, { type: "join" }>), kernels };
const drain: NodeCommand = { type: "drain", reason: "new memory" };
const lose = (incarnation: string): NodeCommand => ({ type: "lose", incarnation, silentMs: 1_500 });
const leave = (incarnation: string): NodeCommand => ({ type: "leave", incarnation });

function run(...commands: readonly NodeCommand[]) {
  let state: NodeState = nodeDecider.initial;
  let outcome = "";
  for (const command of commands) {
    const decided = decideNode(command, state);
    outcome = isRefusal(decided) ? `!${decided.refused}` : decided.map(({ type }) => type).join(" ");
    if (!isRefusal(decided)) state = decided.reduce<NodeState>(evolveNode, state);
  }
  return { state, outcome };
}

const table: TransitionTable<NodeState, NodeCommand> = {
  none: {
    join: "NodeJoined",
    lose: "!NODE_UNKNOWN",
    leave: "!NODE_UNKNOWN",
    drain: "!NODE_UNKNOWN",
    resume: "!NODE_UNKNOWN",
  },
  alive: { join: "-", lose: "NodeLost", leave: "NodeLeft", drain: "NodeDraining", resume: "-" },
  draining: { join: "-", lose: "NodeLost", leave: "NodeLeft", drain: "-", resume: "NodeResumed" },
  lost: { join: "NodeJoined", lose: "-", leave: "-", drain: "!NODE_GONE", resume: "!NODE_GONE" },
  left: { join: "NodeJoined", lose: "-", leave: "-", drain: "!NODE_GONE", resume: "!NODE_GONE" },
};

checkTransitions(nodeDecider, {
  states: {
    none: run().state,
    alive: run(join("1")).state,
    draining: run(join("1"), drain).state,
    lost: run(join("1"), lose("1")).state,
    left: run(join("1"), leave("1")).state,
  },
  commands: { join: join("1"), lose: lose("1"), leave: leave("1"), drain, resume: { type: "resume" } },
  table,
});

test.each<[string, readonly NodeCommand[], string]>([
  ["a node joins", [join("1")], "NodeJoined"],
  ["what its self-test gave is said in the same commit", [joinTested], "NodeJoined NodeSelfTested"],
  ["and once", [joinTested, joinTested], ""],
  ["one that was lost says it again", [joinTested, lose("1"), joinTested], "NodeJoined NodeSelfTested"],
  ["the same start joins once", [join("1"), join("1")], ""],
  ["another start joins over one that nobody declared lost", [join("1"), join("2")], "NodeJoined"],
  ["several observers lose a node once", [join("1"), lose("1"), lose("1")], ""],
  [
    "an observer that speaks of an earlier start is refused",
    [join("1"), join("2"), lose("1")],
    "!STALE_INCARNATION",
  ],
  ["a node leaves", [join("1"), leave("1")], "NodeLeft"],
  ["one that left is not lost", [join("1"), leave("1"), lose("1")], ""],
  ["a node is drained once", [join("1"), drain, drain], ""],
  ["a draining node leaves", [join("1"), drain, leave("1")], "NodeLeft"],
  ["a draining node may be lost", [join("1"), drain, lose("1")], "NodeLost"],
  ["a drain is taken back", [join("1"), drain, { type: "resume" }], "NodeResumed"],
  ["a node that left cannot be drained", [join("1"), leave("1"), drain], "!NODE_GONE"],
  ["a draining node that is started again is alive", [join("1"), drain, join("2"), drain], "NodeDraining"],
  ["a node that never joined cannot be lost", [lose("1")], "!NODE_UNKNOWN"],
])("%s", (_, commands, expected) => {
  expect(run(...commands).outcome).toBe(expected);
});
