import { expect, test } from "vitest";
import { nodeRefusal } from "./node-refusal.mjs";

test("Node 20 and newer run the set-up, older ones are told what to install", () => {
  expect(nodeRefusal("20.20.2")).toBeUndefined();
  expect(nodeRefusal("24.21.0")).toBeUndefined();
  expect(nodeRefusal("18.19.0")).toBe(
    "Node.js 18.19.0 is too old: install Node.js 20 or newer (with npm) and run this again.",
  );
});
