import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { VolumePlan } from "@releve/domain/series-split";
import { expect, test } from "vitest";
import { catalogue } from "./catalogue.ts";
import { needBytesOf, voxelsOf } from "./need-bytes.ts";
import { roiPeakBytes } from "./roi/peak-bytes.ts";

const mebi = 1024 ** 2;
const planOf = (columns: number, slices: number, files = slices): VolumePlan =>
  ({
    geometry: {
      columns,
      rows: columns,
      slices,
      columnStepLps: [1, 0, 0],
      rowStepLps: [0, 1, 0],
      sliceStepLps: [0, 0, 1],
    },
    slices: Array.from({ length: slices }, (_, index) => ({ digest: `${index % files}` })),
  }) as unknown as VolumePlan;
const need = (plan: VolumePlan, inputBytes: number) => needBytesOf({}, [plan], {}, inputBytes);

test("voxels count twice as floats, four files twice, the result images once, and a thread", () => {
  // 100 slices of 512 x 512: 200 MiB of voxels; 4 files of 0.5 MiB, twice; 200 results of 512 x 512, 6 bytes a pixel.
  expect(need(planOf(512, 100), 50 * mebi)).toBe((200 + 4 + 300 + 100) * mebi);
});

test("an object of many frames is one file", () => {
  expect(need(planOf(512, 100, 1), 50 * mebi)).toBe((200 + 100 + 300 + 100) * mebi);
});

test("3,000 slices of 512 x 512 fit what a node offers where nothing else is set", () => {
  expect(need(planOf(512, 3_000), 1_500 * mebi)).toBeLessThan(8 * 1024 * mebi);
});

test("an application that holds more says so, by what is asked of it", () => {
  const plan = planOf(100, 100);
  const suv = catalogue.find(({ id }) => id === "suv")!;
  const bytesFor = (parameters: object) =>
    needBytesOf(suv, [plan], parameters as never, 0) - needBytesOf({ peakBytes: () => 0 }, [plan], {}, 0);
  expect(bytesFor({ images: true })).toBe(18e6);
  expect(bytesFor({ images: true, region: {} })).toBe(35e6);
});

test("statistics count the voxels of their regions, whatever the volume holds besides", () => {
  const plan = planOf(512, 400);
  const box = { shape: "box", lowLps: [0, 0, 0], highLps: [10, 10, 10] } as const;
  const volume = 5 * voxelsOf([plan]);
  expect(roiPeakBytes([plan], { regions: [box] })).toBe(volume + 1000 * (64 + 10));
  const twice = roiPeakBytes([plan], { regions: [box, { ...box, highLps: [20, 10, 10] }] });
  expect(twice).toBe(volume + 2000 * 64 + 3000 * 10);
  expect(roiPeakBytes([plan], { regions: [{ shape: "volume" }] })).toBe(volume + 2 ** 25 * 74);
});

/** Fewer voxels would drown in what any process takes. */
test.each(["suv", "roi"])("%s takes no more than it says, measured in a process of its own", (id) => {
  const script = fileURLToPath(new URL("peak-memory.fixture.ts", import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, [script, id, "128", "96"], { encoding: "utf8" });
  expect(stderr).toBe("");
  const { needBytes, peakBytes, voxels } = JSON.parse(stdout) as Record<string, number>;
  expect(voxels).toBe(128 * 128 * 96);
  // At least what the voxels themselves take: else it measures nothing.
  expect(peakBytes).toBeGreaterThan(2 * voxels!);
  expect(peakBytes).toBeLessThan(needBytes!);
});
