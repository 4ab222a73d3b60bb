/** Frames of one group by where their slice lies along the normal. */
import { dot } from "@releve/domain/vec3";
import { sliceNormal } from "./group-frames.ts";
import type { ImageFrame } from "./image-frame.ts";

/**
 * Two slices nearer than this, mm, are one position: finer than any slice is thick, coarser than the rounding of positions
 * written with six digits.
 */
export const samePositionMm = 0.01;

/** Ascending along the slice normal. All frames must share their orientation. */
export function groupByPosition(frames: readonly ImageFrame[]): ImageFrame[][] {
  const normal = sliceNormal(frames[0]!);
  const placed = frames
    .map((frame) => ({ frame, atMm: dot(frame.plane.originLps, normal) }))
    .toSorted((a, b) => a.atMm - b.atMm);
  const positions: ImageFrame[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const { frame, atMm } of placed) {
    if (atMm - last <= samePositionMm) positions.at(-1)!.push(frame);
    else positions.push([frame]);
    last = atMm;
  }
  return positions;
}
