import type { Commit } from "@releve/ledger/event-log";
import { expect, test } from "vitest";
import { nodeKiller } from "./kill-node.ts";

const claim = (node: string, job: string) =>
  ({ events: [{ event: { type: "JobClaimed", node, job } }] }) as unknown as Commit;
const clock = { nowMs: () => 42, wait: async () => {} };

test("the node that shows progress is killed, once", () => {
  const killed: string[] = [];
  const killer = nodeKiller(clock, (node) => killed.push(node));
  killer.onCommit(claim("a1", "j1"));
  killer.onProgress("a1", { j1: 0 });
  expect(killed).toEqual([]);
  killer.onProgress("a1", { j1: 0.3 });
  killer.onProgress("b1", { j2: 0.3 });
  expect(killed).toEqual(["a1"]);
  expect(killer.killed()).toEqual({ node: "a1", job: "j1", atMs: 42 });
});

test("jobs that are done before their first beat are caught by their claim", () => {
  const killed: string[] = [];
  const killer = nodeKiller(clock, (node) => killed.push(node));
  killer.onCommit(claim("a1", "j1"));
  killer.onCommit(claim("b1", "j2"));
  expect(killed).toEqual(["b1"]);
});
