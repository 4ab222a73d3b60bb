import { expect, test } from "vitest";
import type { SharedVolume } from "../shared-volume.ts";
import type { WorkRequest } from "../worker-protocol.ts";
import { isSoftware } from "./gpu-adapter.ts";
import { HeldVolumes, SentVolumes } from "./gpu-protocol.ts";

const volume = (key: number): SharedVolume => ({
  key,
  values: Int16Array.from({ length: 10 }, () => key),
  size: [10, 1, 1],
});
const request = (key: number): WorkRequest => ({
  id: key,
  work: { kind: "plane", volume: volume(key), task: {} as never },
});
const valuesOf = (of: WorkRequest) => ("id" in of && of.work.kind !== "voxels" ? of.work.volume.values : []);

test("values travel once; the least used go when another does not fit, and come again when they are asked for", () => {
  const sent = new SentVolumes(40);
  const held = new HeldVolumes();
  const travelled: number[] = [];
  for (const key of [1, 1, 2, 1, 3, 1, 2]) {
    const message = sent.message(request(key));
    travelled.push(valuesOf(message.request).length);
    expect([...valuesOf(held.take(message))]).toEqual(Array(10).fill(key));
  }
  expect(travelled).toEqual([10, 0, 10, 0, 10, 0, 10]);
});

test("a volume beyond the budget alone is sent all the same: the process refuses it with the numbers", () => {
  const sent = new SentVolumes(10);
  expect(sent.message(request(1))).toMatchObject({ forget: [] });
  expect(sent.message(request(2))).toMatchObject({ forget: [1] });
});

test.each([
  [
    { vendor: "google", architecture: "swiftshader", device: "", description: "SwiftShader driver 5.0.0" },
    true,
  ],
  [{ vendor: "mesa", architecture: "", device: "llvmpipe (LLVM 19.1.7, 256 bits)", description: "" }, true],
  [{ vendor: "x", architecture: "", device: "", description: "", isFallbackAdapter: true }, true],
  [{ vendor: "nvidia", architecture: "hopper", device: "", description: "NVIDIA: 550.90" }, false],
  [{ vendor: "intel", architecture: "gen-12lp", device: "", description: "Intel(R) UHD Graphics" }, false],
])("%j is software: %s", (info, wanted) => {
  expect(isSoftware(info)).toBe(wanted);
});
