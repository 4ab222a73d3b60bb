/** Curves averaged with their neighbours in the slice, by a Gaussian, over the brain only: what lies outside weighs nothing. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { length } from "@releve/domain/vec3";
import type { GridGeometry } from "@releve/domain/volume";

/** The Gaussian ends here; beyond lies 0.3 % of it. */
const reachSigmas = 3;

/**
 * @param steps one array per step in time, of the voxels; NaN is left out and stays
 * @param voxels by index in the grid
 * @param fullWidthMm full width at half maximum; 0 leaves everything as it is
 */
export async function smoothCurves(
  steps: readonly Float32Array[],
  voxels: Int32Array,
  grid: GridGeometry,
  fullWidthMm: number,
  signal: AbortSignal,
): Promise<readonly Float32Array[]> {
  if (fullWidthMm === 0) return steps;
  const sigmaMm = fullWidthMm / Math.sqrt(8 * Math.LN2);
  const along = gaussian(sigmaMm / length(grid.columnStepLps));
  const across = gaussian(sigmaMm / length(grid.rowStepLps));
  const smoothed: Float32Array[] = [];
  for (const step of steps) {
    smoothed.push(smoothStep(step, voxels, grid, along, across));
    await nextTurn();
    signal.throwIfAborted();
  }
  return smoothed;
}

/** Weights from the middle outwards. */
function gaussian(sigmaPixels: number): Float32Array {
  const reach = Math.ceil(reachSigmas * sigmaPixels);
  return Float32Array.from({ length: reach + 1 }, (_, off) => Math.exp(-(off ** 2) / (2 * sigmaPixels ** 2)));
}

function smoothStep(
  step: Float32Array,
  voxels: Int32Array,
  { columns, rows, slices }: GridGeometry,
  along: Float32Array,
  across: Float32Array,
): Float32Array {
  const [values, weights] = [0, 1].map(() => new Float32Array(columns * rows * slices)) as [
    Float32Array,
    Float32Array,
  ];
  for (const [at, voxel] of voxels.entries()) {
    if (Number.isNaN(step[at])) continue;
    values[voxel] = step[at]!;
    weights[voxel] = 1;
  }
  const blur = (from: Float32Array) =>
    spread(
      spread(from, along, 1, columns, (at) => at % columns),
      across,
      columns,
      rows,
      (at) => Math.floor(at / columns) % rows,
    );
  const [sums, shares] = [blur(values), blur(weights)];
  return Float32Array.from(voxels, (voxel, at) =>
    Number.isNaN(step[at]) ? Number.NaN : sums[voxel]! / shares[voxel]!,
  );
}

/** One direction; pixels beyond the picture's sides are nothing. */
function spread(
  from: Float32Array,
  weights: Float32Array,
  stride: number,
  count: number,
  placeOf: (at: number) => number,
): Float32Array {
  return from.map((value, at) => {
    const place = placeOf(at);
    let sum = value * weights[0]!;
    for (let off = 1; off < weights.length; off++) {
      if (place >= off) sum += from[at - off * stride]! * weights[off]!;
      if (place + off < count) sum += from[at + off * stride]! * weights[off]!;
    }
    return sum;
  });
}
