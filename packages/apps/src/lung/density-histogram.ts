/** The exact histogram of a mask's densities, and the indices of emphysema that follow from it. */
import type { Volume } from "@releve/domain/volume";

export type DensityHistogram = {
  /** The values that occur, rising, HU. */
  readonly hu: Float64Array;
  /** How many voxels have each. */
  readonly counts: Float64Array;
};

/** Of the mask's voxels; padding does not count. */
export function densityHistogram(volume: Volume, mask: Uint8Array): DensityHistogram {
  const { voxels, padding } = volume;
  const counted =
    voxels.kind === "stored" ? countStored(voxels.values, mask) : countReal(voxels.values, mask);
  const { slope, intercept } = voxels.kind === "stored" ? voxels : { slope: 1, intercept: 0 };
  const isPadding = (value: number) => padding && value >= padding.low && value <= padding.high;
  return histogramOf(
    [...counted]
      .filter(([value]) => !Number.isNaN(value) && !isPadding(value))
      .map(([value, count]) => [value * slope + intercept, count]),
  );
}

/** Of two masks together that share no voxel. */
export function together(a: DensityHistogram, b: DensityHistogram): DensityHistogram {
  const counts = new Map(Array.from(a.hu, (value, bin) => [value, a.counts[bin]!]));
  for (const [bin, value] of b.hu.entries()) counts.set(value, (counts.get(value) ?? 0) + b.counts[bin]!);
  return histogramOf([...counts]);
}

function histogramOf(counted: readonly (readonly [hu: number, count: number])[]): DensityHistogram {
  const rising = counted.toSorted(([a], [b]) => a - b);
  return {
    hu: Float64Array.from(rising, ([hu]) => hu),
    counts: Float64Array.from(rising, ([, count]) => count),
  };
}

/** 16-bit values: one counter for each. */
function countStored(values: Int16Array | Uint16Array, mask: Uint8Array): ReadonlyMap<number, number> {
  const counters = new Float64Array(3 * zero);
  for (let voxel = 0; voxel < mask.length; voxel++) if (mask[voxel]) counters[values[voxel]! + zero]!++;
  const counts = new Map<number, number>();
  for (const [index, count] of counters.entries()) if (count > 0) counts.set(index - zero, count);
  return counts;
}
/** The counter of the value 0: the lowest value of 16 bits is as far below it. */
const zero = 2 ** 15;

function countReal(values: Float32Array, mask: Uint8Array): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (let voxel = 0; voxel < mask.length; voxel++)
    if (mask[voxel]) counts.set(values[voxel]!, (counts.get(values[voxel]!) ?? 0) + 1);
  return counts;
}

export type LungDensity = {
  readonly voxels: number;
  readonly meanHu: number;
  /** Share of voxels below -950 HU, per cent. */
  readonly laa950Percent: number;
  readonly pd15Hu: number;
};

/** @param histogram of at least one voxel */
export function lungDensity({ hu, counts }: DensityHistogram): LungDensity {
  const sum = (of: (value: number, count: number) => number) =>
    hu.reduce((total, value, bin) => total + of(value, counts[bin]!), 0);
  const voxels = sum((_, count) => count);
  return {
    voxels,
    meanHu: sum((value, count) => value * count) / voxels,
    laa950Percent: (100 * sum((value, count) => (value < -950 ? count : 0))) / voxels,
    pd15Hu: percentile({ hu, counts }, voxels, 15),
  };
}

/** Linear between neighbours in rank (Hyndman and Fan's seventh definition), as `statistics/percentile.ts`. */
function percentile({ hu, counts }: DensityHistogram, voxels: number, percent: number): number {
  const rank = ((voxels - 1) * percent) / 100;
  const below = Math.floor(rank);
  const low = valueAtRank(hu, counts, below);
  const high = valueAtRank(hu, counts, Math.min(below + 1, voxels - 1));
  return low + (high - low) * (rank - below);
}

function valueAtRank(hu: Float64Array, counts: Float64Array, rank: number): number {
  let before = 0;
  return hu[counts.findIndex((count) => (before += count) > rank)]!;
}
