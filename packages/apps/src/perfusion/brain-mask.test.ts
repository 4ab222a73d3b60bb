import { expect, test } from "vitest";
import { brainMask } from "./brain-mask.ts";

const grid = {
  columns: 64,
  rows: 64,
  slices: 2,
  originLps: [0, 0, 0],
  columnStepLps: [2, 0, 0],
  rowStepLps: [0, 2, 0],
  sliceStepLps: [0, 0, 5],
} as const;

/** Air, scalp, skull and brain in rings around the middle; `open`: the skull of the second slice has a gap. */
function head(open: boolean): Float32Array {
  return Float32Array.from({ length: 64 * 64 * 2 }, (_, voxel) => {
    const [column, row, slice] = [voxel % 64, Math.floor(voxel / 64) % 64, Math.floor(voxel / 4096)];
    const radius = Math.hypot(column - 32, row - 32);
    if (radius > 28) return -1000;
    if (radius > 25) return 50;
    if (radius > 21) return open && slice === 1 && column === 32 && row < 32 ? 50 : 900;
    return 35;
  });
}

const within = (mask: Uint8Array, slice: number, radius: number) =>
  mask
    .subarray(slice * 4096, (slice + 1) * 4096)
    .reduce(
      (count, inside, at) =>
        count + (Math.hypot((at % 64) - 32, Math.floor(at / 64) - 32) <= radius ? inside : 0),
      0,
    );

test("of a CT, what the skull encloses: not the scalp", () => {
  const mask = brainMask(head(false), grid, "CT");
  expect(within(mask, 0, 21)).toBe(within(mask, 0, 64));
  expect(within(mask, 0, 21)).toBeGreaterThan(1300);
});

test("where the skull is open, all soft tissue of that slice", () => {
  const mask = brainMask(head(true), grid, "CT");
  expect(within(mask, 0, 64)).toBe(within(mask, 0, 21));
  expect(within(mask, 1, 64)).toBeGreaterThan(within(mask, 1, 21) + 300);
});

test("of an MR, the largest bright part; not measured is not brain", () => {
  const signal = head(false).map((value) => (value === 35 ? 400 : value === 50 ? 300 : 0));
  signal[32 * 64 + 32] = Number.NaN;
  const mask = brainMask(signal, grid, "MR");
  expect(within(mask, 0, 64)).toBe(within(mask, 0, 21));
  expect(mask[32 * 64 + 32]).toBe(0);
});
