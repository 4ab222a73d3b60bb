import { expect, test } from "vitest";
import { tableText } from "./self-test.ts";

test("the table says which kernel is wrong, by how much, and which one gave no number and why", () => {
  const engine = "gpu.js/webasm";
  const text = tableText([
    { kernel: "reslice", engine, ok: true, worst: 0.0123, tolerance: 0.25, reason: null },
    { kernel: "adc", engine, ok: false, worst: 17, tolerance: 0.00001, reason: null },
    { kernel: "render", engine: "none", ok: false, worst: null, tolerance: 2, reason: "the driver is gone" },
  ]);
  expect(text.split("\n").map((line) => line.split(/\s{2,}/))).toEqual([
    ["kernel", "worst", "tolerance", "engine"],
    ["reslice", "ok", "0.012", "0.25", engine],
    ["adc", "WRONG", "17", "0.000010", engine],
    ["render", "WRONG", "-", "2.0", "none: the driver is gone"],
    [""],
  ]);
});
