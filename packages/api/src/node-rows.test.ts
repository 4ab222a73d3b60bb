import type { NodeView } from "@releve/ledger/views/node-view";
import { expect, test } from "vitest";
import type { LiveNode } from "./api-context.ts";
import { nodeRows } from "./node-rows.ts";

const view = (node: string, status: NodeView["status"]): NodeView => ({
  node,
  site: "site-a",
  status,
  sinceMs: 1,
  slots: 2,
  engine: "gpu.js/webasm",
  memoryBytes: null,
});
const beat = (node: string, status: string): LiveNode => ({
  node,
  site: "site-a",
  status,
  slots: 1,
  busy: 1,
  loopLagMs: 4,
  progress: { j: 0.5 },
});

test("each node has one row, with the ledger's word beside that of its heartbeats", () => {
  const rows = nodeRows(
    [view("a1", "draining"), view("a2", "lost")],
    [beat("a1", "alive"), beat("a3", "alive")],
  );
  expect(rows.map(({ kernels }) => kernels)).toEqual([null, null, null]);
  expect(rows.map(({ node, heard, recorded, slots, busy }) => [node, heard, recorded, slots, busy])).toEqual([
    ["a1", "alive", "draining", 1, 1],
    ["a2", "silent", "lost", 2, 0],
    ["a3", "alive", "unknown", 1, 1],
  ]);
});
