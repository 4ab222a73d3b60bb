import { expect, test } from "vitest";
import { farthestMm, motionFinder, still, type Motion } from "./head-motion.ts";
import { headGrid, headImage } from "./moving-head.fixture.ts";

const degrees = Math.PI / 180;
const moves: readonly Motion[] = [
  { alongRowMm: 0.6, alongColumnMm: -0.4, radians: 0 },
  { alongRowMm: -6, alongColumnMm: 9, radians: 0 },
  { alongRowMm: 7, alongColumnMm: -4, radians: 3 * degrees },
  { alongRowMm: 2, alongColumnMm: 1, radians: 4 * degrees },
  { alongRowMm: 0, alongColumnMm: 0, radians: -7 * degrees },
];

test.each(["CT", "MR"] as const)(
  "%s: shift and turn are found, with contrast agent in one half",
  (modality) => {
    const find = motionFinder(headImage(modality), headGrid, modality);
    for (const motion of moves) {
      const found = find(headImage(modality, { motion, contrast: true }));
      expect(Math.abs(found.alongRowMm - motion.alongRowMm)).toBeLessThan(0.07);
      expect(Math.abs(found.alongColumnMm - motion.alongColumnMm)).toBeLessThan(0.07);
      // A head is almost round: 0.15 degrees are 0.2 mm at its edge.
      expect(Math.abs(found.radians - motion.radians) / degrees).toBeLessThan(0.15);
    }
  },
);

test.each(["CT", "MR"] as const)("%s: contrast agent alone is no motion", (modality) => {
  const find = motionFinder(headImage(modality), headGrid, modality);
  expect(farthestMm(find(headImage(modality, { contrast: true })))).toBeLessThan(0.2);
});

test("a picture without edges says nothing of motion", () => {
  const flat = new Float32Array(headGrid.columns * headGrid.rows * headGrid.slices).fill(40);
  expect(motionFinder(flat, headGrid, "CT")(headImage("CT"))).toEqual(still);
});

test("how far a motion goes is that of the head's edge", () => {
  expect(farthestMm({ alongRowMm: 3, alongColumnMm: 4, radians: 0.1 })).toBeCloseTo(13, 12);
});
