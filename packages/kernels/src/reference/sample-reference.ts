/** One trilinear sample in float64, slow and obvious: what the kernels are judged by. */
import type { Vec3 } from "@releve/domain/vec3";
import type { Volume } from "@releve/domain/volume";
import { indexTolerance } from "../sampling-rules.ts";

/** Real-world value at fractional voxel indices; NaN outside the volume or where a gap has weight. */
export function sampleReference(volume: Volume, [x, y, z]: Vec3): number {
  const { columns, rows, slices } = volume.geometry;
  const snaps = hasGaps(volume);
  const alongX = neighbours(x, columns, snaps);
  const alongY = neighbours(y, rows, snaps);
  const alongZ = neighbours(z, slices, snaps);
  if (!alongX || !alongY || !alongZ) return Number.NaN;
  let sum = 0;
  for (const [slice, weightZ] of alongZ)
    for (const [row, weightY] of alongY)
      for (const [column, weightX] of alongX)
        sum += weightX * weightY * weightZ * realValue(volume, (slice * rows + row) * columns + column);
  return sum;
}

/** The voxels with weight along one axis: one on a voxel centre, or next to it in a volume with gaps, else two; undefined outside. */
function neighbours(
  index: number,
  count: number,
  snaps: boolean,
): readonly (readonly [number, number])[] | undefined {
  if (index < -indexTolerance || index > count - 1 + indexTolerance) return undefined;
  const clamped = Math.min(Math.max(index, 0), count - 1);
  const nearest = Math.round(clamped);
  if (Math.abs(clamped - nearest) < (snaps ? indexTolerance : Number.MIN_VALUE)) return [[nearest, 1]];
  const below = Math.floor(clamped);
  return [
    [below, below + 1 - clamped],
    [below + 1, clamped - below],
  ];
}

const known = new WeakMap<Volume, boolean>();

function hasGaps(volume: Volume): boolean {
  const before = known.get(volume);
  if (before !== undefined) return before;
  const gaps = volume.voxels.values.some((_, index) => Number.isNaN(realValue(volume, index)));
  known.set(volume, gaps);
  return gaps;
}

/** NaN for a gap: it spreads through every sum that gives it weight. */
function realValue({ voxels, padding }: Volume, index: number): number {
  const value = voxels.values[index]!;
  if (padding && value >= padding.low && value <= padding.high) return Number.NaN;
  if (!Number.isFinite(value)) return Number.NaN;
  return voxels.kind === "stored" ? value * voxels.slope + voxels.intercept : value;
}
