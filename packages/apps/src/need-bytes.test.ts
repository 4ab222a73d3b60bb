import type { VolumePlan } from "@releve/domain/series-split";
import { expect, test } from "vitest";
import { needBytesOf } from "./need-bytes.ts";

const mebi = 1024 ** 2;
const planOf = (columns: number, slices: number, files = slices): VolumePlan =>
  ({
    geometry: { columns, rows: columns, slices },
    slices: Array.from({ length: slices }, (_, index) => ({ digest: `${index % files}` })),
  }) as unknown as VolumePlan;

test("voxels count thrice as floats, four files twice, and the result images once", () => {
  // 100 slices of 512 x 512: 300 MiB of voxels; 4 files of 0.5 MiB, twice; 200 results of 512 x 512, 6 bytes a pixel.
  expect(needBytesOf([planOf(512, 100)], 50 * mebi)).toBe((300 + 4 + 300) * mebi);
});

test("an object of many frames is one file", () => {
  expect(needBytesOf([planOf(512, 100, 1)], 50 * mebi)).toBe((300 + 100 + 300) * mebi);
});

test("the largest volume that the kernels take fits what a node offers where nothing else is set", () => {
  expect(needBytesOf([planOf(512, 2_000)], 1_000 * mebi)).toBeLessThan(8 * 1024 * mebi);
});
