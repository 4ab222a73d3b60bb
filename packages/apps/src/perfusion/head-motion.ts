/**
 * How the head lies in an image beside where it lay before the bolus: shifted and turned within the plane of the slices, all slices
 * together. Gauss-Newton on the squared difference at the head's edges, from coarse pixels to fine ones.
 *
 * Contrast agent must not look like motion, so values are clipped to a range that it hardly changes: bone in CT, which is no
 * head-rest either; up to 30 % of the brain's signal in MR, the edge of the head in air. Nodding and motion across the slices are not seen.
 */
import type { GridGeometry } from "@releve/domain/volume";
import { planeImage, shrunk, softened, valueAndSlope, valueAt, type PlaneImage } from "./plane-image.ts";

/** Where a point of the reference is found: turned around the middle of the picture, then shifted along rows and columns. */
export type Motion = {
  readonly alongRowMm: number;
  readonly alongColumnMm: number;
  readonly radians: number;
};

export const still: Motion = { alongRowMm: 0, alongColumnMm: 0, radians: 0 };

/** The farthest that a point 80 mm from the middle is moved: the edge of a head. */
export const farthestMm = ({ alongRowMm, alongColumnMm, radians }: Motion): number =>
  Math.hypot(alongRowMm, alongColumnMm) + headRadiusMm * Math.abs(radians);
const headRadiusMm = 80;

/** Finer pixels show no more of a head's edge. */
const finestMm = 2;
/** Coarser steps before, in the finest pixels. */
const coarser = [4, 2, 1];
const roundsMax = 30;
/** A step shorter than this is the end. */
const enoughMm = 0.005;
/** Of the clipped range, per pixel: what changes less is no edge. */
const edgeFraction = 0.08;
/** Fewer edges say nothing. */
const edgesMin = 24;

type Clip = { readonly low: number; readonly high: number };

/** @param reference mean of the images before the bolus, NaN where nothing was measured. */
export function motionFinder(
  reference: Float32Array,
  grid: GridGeometry,
  modality: string,
): (frame: Float32Array) => Motion {
  const clip = modality === "CT" ? { low: 150, high: 600 } : mrClip(reference);
  const levels = pyramid(reference, grid, clip).map((image) => edgesOf(image, clip));
  return (frame) => {
    let motion: Motion | undefined;
    for (const [level, image] of pyramid(frame, grid, clip).entries())
      motion = refined(levels[level]!, image, motion ?? bestStart(levels[level]!, image));
    return motion ?? still;
  };
}

function mrClip(reference: Float32Array): Clip {
  const sorted = reference.filter((value) => value > 0).toSorted();
  return { low: 0, high: 0.3 * (sorted[Math.floor(0.95 * (sorted.length - 1))] ?? 1) };
}

/** From coarse pixels to fine ones. */
function pyramid(values: Float32Array, grid: GridGeometry, clip: Clip): readonly PlaneImage[] {
  const full = planeImage(clipped(values, clip), grid);
  const finest = shrunk(full, Math.max(1, Math.floor(finestMm / Math.min(...full.pixelMm))));
  return coarser.map((factor) => softened(shrunk(finest, factor)));
}

/** What was not measured is as nothing. */
function clipped(values: Float32Array, { low, high }: Clip): Float32Array {
  const within = new Float32Array(values.length).fill(low);
  for (let at = 0; at < within.length; at++) {
    const value = values[at]!;
    if (value > low) within[at] = value < high ? value : high;
  }
  return within;
}

/** From the middle of the picture, mm. */
type Edge = { readonly x: number; readonly y: number; readonly slice: number; readonly value: number };

function edgesOf(image: PlaneImage, { low, high }: Clip): readonly Edge[] {
  const { columns, rows, slices, middle, pixelMm } = image;
  const least = edgeFraction * (high - low);
  const edges: Edge[] = [];
  for (let slice = 0; slice < slices; slice++)
    for (let row = 1; row < rows - 1; row++)
      for (let column = 1; column < columns - 1; column++) {
        const x = (column - middle[0]) * pixelMm[0];
        const y = (row - middle[1]) * pixelMm[1];
        const found = valueAndSlope(image, x, y, slice);
        if (found && Math.hypot(found.alongX * pixelMm[0], found.alongY * pixelMm[1]) >= least)
          edges.push({ x, y, slice, value: found.value });
      }
  return edges;
}

/** The skull's ring is thin: from farther away a step would lead into the next best place. */
function bestStart(edges: readonly Edge[], frame: PlaneImage): Motion {
  const offsets = [0, -12, -6, 6, 12];
  const turns = [0, -0.12, -0.06, 0.06, 0.12];
  let best = still;
  let least = misfit(edges, frame, still) ?? 0;
  for (const radians of turns)
    for (const alongRowMm of offsets)
      for (const alongColumnMm of offsets) {
        const start = { alongRowMm, alongColumnMm, radians };
        const error = misfit(edges, frame, start);
        if (error !== undefined && error < least) [best, least] = [start, error];
      }
  return best;
}

function refined(edges: readonly Edge[], frame: PlaneImage, from: Motion): Motion {
  let motion = from;
  let least = misfit(edges, frame, from);
  for (let round = 0; round < roundsMax && least !== undefined; round++) {
    const step = gaussNewton(edges, frame, motion);
    const better = step && shortened(edges, frame, motion, step, least);
    if (!better) break;
    [motion, least] = [better.motion, better.error];
    if (farthestMm(step) < enoughMm) break;
  }
  return motion;
}

const halvingsMax = 5;

/** The first of the whole step, its half, its quarter ... that fits better than no step. */
function shortened(
  edges: readonly Edge[],
  frame: PlaneImage,
  from: Motion,
  step: Motion,
  least: number,
): { readonly motion: Motion; readonly error: number } | undefined {
  for (let halving = 0; halving <= halvingsMax; halving++) {
    const motion = added(from, step, 0.5 ** halving);
    const error = misfit(edges, frame, motion);
    if (error !== undefined && error < least) return { motion, error };
  }
  return undefined;
}

const added = (a: Motion, b: Motion, share: number): Motion => ({
  alongRowMm: a.alongRowMm + b.alongRowMm * share,
  alongColumnMm: a.alongColumnMm + b.alongColumnMm * share,
  radians: a.radians + b.radians * share,
});

/** What the frame shows where the edge has gone, and how that changes with each part of the motion. */
function seenAt({ x, y, slice }: Edge, frame: PlaneImage, { alongRowMm, alongColumnMm, radians }: Motion) {
  const [sine, cosine] = [Math.sin(radians), Math.cos(radians)];
  const [turnedX, turnedY] = [x * cosine - y * sine, x * sine + y * cosine];
  const found = valueAndSlope(frame, turnedX + alongRowMm, turnedY + alongColumnMm, slice);
  if (!found) return undefined;
  const { value, alongX, alongY } = found;
  return { value, slopes: [alongX, alongY, alongY * turnedX - alongX * turnedY] as const };
}

/** Mean of the squared differences; undefined where too few edges are still in the picture. */
function misfit(edges: readonly Edge[], frame: PlaneImage, motion: Motion): number | undefined {
  let [sum, count] = [0, 0];
  const [sine, cosine] = [Math.sin(motion.radians), Math.cos(motion.radians)];
  for (const { x, y, slice, value } of edges) {
    const atX = x * cosine - y * sine + motion.alongRowMm;
    const atY = x * sine + y * cosine + motion.alongColumnMm;
    const seen = valueAt(frame, atX, atY, slice);
    if (Number.isNaN(seen)) continue;
    sum += (seen - value) ** 2;
    count += 1;
  }
  return count < edgesMin ? undefined : sum / count;
}

function gaussNewton(edges: readonly Edge[], frame: PlaneImage, motion: Motion): Motion | undefined {
  const matrix = [
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ];
  for (const edge of edges) {
    const seen = seenAt(edge, frame, motion);
    if (!seen) continue;
    const difference = edge.value - seen.value;
    for (const [row, slope] of seen.slopes.entries()) {
      for (const [column, other] of seen.slopes.entries()) matrix[row]![column]! += slope * other;
      matrix[row]![3]! += slope * difference;
    }
  }
  const solved = solve(matrix);
  return solved && { alongRowMm: solved[0]!, alongColumnMm: solved[1]!, radians: solved[2]! };
}

/** Gaussian elimination with pivots; the last column is the right side. Undefined where the edges fix no motion. */
function solve(matrix: number[][]): readonly number[] | undefined {
  const size = matrix.length;
  for (let at = 0; at < size; at++) {
    const pivot = matrix
      .slice(at)
      .reduce((best, row) => (Math.abs(row[at]!) > Math.abs(best[at]!) ? row : best));
    if (!(Math.abs(pivot[at]!) > 1e-12)) return undefined;
    const place = matrix.indexOf(pivot);
    [matrix[at], matrix[place]] = [pivot, matrix[at]!];
    for (const row of matrix) {
      if (row === pivot) continue;
      const share = row[at]! / pivot[at]!;
      for (let column = at; column <= size; column++) row[column]! -= share * pivot[column]!;
    }
  }
  return matrix.map((row, at) => row[size]! / row[at]!);
}
