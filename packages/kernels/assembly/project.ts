/**
 * The largest, the smallest or the mean sample of each ray. Blocks that can hold nothing larger (smaller) than what four
 * neighbouring rays have already are passed over, first coarse ones, then fine ones.
 */
import { gapIn, largestIn, largestNear, smallestIn, smallestNear } from "./box";
import {
  allFirst,
  allLast,
  alongX,
  alongY,
  alongZ,
  anyFirst,
  anyLast,
  boxAround,
  boxBase,
  firsts,
  having,
  lasts,
  placesX,
  placesY,
  placesZ,
  sampleClamped,
  sampleSlowly,
  setRays,
  startPacket,
  strideSteps,
} from "./packet";
import { bandRows, columns, nextBand, pixels, rows } from "./plane";
import { sampleFour } from "./sample";
import { hasGaps } from "./volume";

/** kernels/sample-rays.ts, rayModes. */
const largestMode: i32 = 0;
const smallestMode: i32 = 1;
const meanMode: i32 = 2;

/** Farther from any 16-bit value than any of them. */
const nothing: f32 = 1e38;

let mode: i32 = 0;
let slope: f64 = 1;
let intercept: f64 = 0;

/** What four rays have so far: the extreme, or the sum with its compensation and the number of samples. */
let best: v128 = f32x4.splat(0);
let sums: v128 = f32x4.splat(0);
let lost: v128 = f32x4.splat(0);
let counts: v128 = i32x4.splat(0);

/** Real-world values, stored * slope + intercept; NaN where no sample counts. Every worker calls it. */
export function project(
  dx: f64,
  dy: f64,
  dz: f64,
  stepCount: i32,
  rayMode: i32,
  realSlope: f64,
  realIntercept: f64,
): void {
  setRays(dx, dy, dz, stepCount);
  mode = rayMode;
  slope = realSlope;
  intercept = realIntercept;
  for (let row = nextBand(); row < rows; row = nextBand())
    for (let column = 0; column < columns; column += 4)
      for (let y = row; y < min(row + bandRows, rows); y++) projectPacket(column, y);
}

function projectPacket(column: i32, row: i32): void {
  startPacket(column, row, 0, 0);
  best = f32x4.splat(mode == largestMode ? -nothing : nothing);
  sums = f32x4.splat(0);
  lost = f32x4.splat(0);
  counts = i32x4.splat(0);
  const coarse = strideSteps * 4;
  for (let k = anyFirst; k <= anyLast; k += coarse) {
    const count = min(coarse, anyLast - k + 1);
    boxAround(k, count);
    if (nothingNear()) continue;
    for (let j = k; j < k + count; j += strideSteps) visit(j, min(strideSteps, k + count - j));
  }
  const out = pixels + ((<usize>row * <usize>columns + <usize>column) << 2);
  finish(out, column);
}

/** A ray without steps has nothing to gain. */
@inline
function leastOfBest(): f32 {
  const wanted = v128.bitselect(best, f32x4.splat(nothing), i32x4.le_s(firsts, lasts));
  const two = f32x4.pmin(wanted, v128.shuffle<i32>(wanted, wanted, 2, 3, 0, 1));
  return min(f32x4.extract_lane(two, 0), f32x4.extract_lane(two, 1));
}

@inline
function mostOfBest(): f32 {
  const wanted = v128.bitselect(best, f32x4.splat(-nothing), i32x4.le_s(firsts, lasts));
  const two = f32x4.pmax(wanted, v128.shuffle<i32>(wanted, wanted, 2, 3, 0, 1));
  return max(f32x4.extract_lane(two, 0), f32x4.extract_lane(two, 1));
}

function nothingNear(): bool {
  if (mode == largestMode) return <f32>largestNear() <= leastOfBest();
  if (mode == smallestMode) return <f32>smallestNear() >= mostOfBest();
  return hasGaps() && largestNear() < smallestNear();
}

function nothingIn(): bool {
  if (mode == largestMode) return <f32>largestIn() <= leastOfBest();
  if (mode == smallestMode) return <f32>smallestIn() >= mostOfBest();
  return hasGaps() && largestIn() < smallestIn();
}

function visit(k: i32, count: i32): void {
  boxAround(k, count);
  if (nothingIn()) return;
  if (hasGaps() && gapIn()) {
    for (let step = k; step < k + count; step++) {
      const four = sampleSlowly(step);
      keep(four, f32x4.eq(four, four));
    }
  } else if (k >= allFirst && k + count - 1 <= allLast) {
    if (mode == largestMode) visitAll(largestMode, k, count);
    else if (mode == smallestMode) visitAll(smallestMode, k, count);
    else visitAll(meanMode, k, count);
  } else visitSome(k, count);
}

/** Steps that all four rays have. `wanted` is a constant, so that the loop holds one case. */
@inline
function visitAll(wanted: i32, k: i32, count: i32): void {
  const base = boxBase();
  let x = placesX(k);
  let y = placesY(k);
  let z = placesZ(k);
  const dx = f32x4.splat(<f32>alongX);
  const dy = f32x4.splat(<f32>alongY);
  const dz = f32x4.splat(<f32>alongZ);
  let result = best;
  let sum = sums;
  let compensation = lost;
  for (let left = count; left > 0; left--) {
    const four = sampleFour(base, x, y, z);
    if (wanted == largestMode) result = f32x4.pmax(result, four);
    else if (wanted == smallestMode) result = f32x4.pmin(result, four);
    else {
      const term = f32x4.sub(four, compensation);
      const next = f32x4.add(sum, term);
      compensation = f32x4.sub(f32x4.sub(next, sum), term);
      sum = next;
    }
    x = f32x4.add(x, dx);
    y = f32x4.add(y, dy);
    z = f32x4.add(z, dz);
  }
  best = result;
  sums = sum;
  lost = compensation;
  counts = i32x4.add(counts, i32x4.splat(count));
}

/** Steps near an end of a ray or on a face. */
function visitSome(k: i32, count: i32): void {
  const base = boxBase();
  let x = placesX(k);
  let y = placesY(k);
  let z = placesZ(k);
  for (let step = k; step < k + count; step++) {
    keep(sampleClamped(base, x, y, z), having(step));
    x = f32x4.add(x, f32x4.splat(<f32>alongX));
    y = f32x4.add(y, f32x4.splat(<f32>alongY));
    z = f32x4.add(z, f32x4.splat(<f32>alongZ));
  }
}

/** Takes the samples of those lanes that are all ones in `counted`. */
function keep(four: v128, counted: v128): void {
  counts = i32x4.sub(counts, counted);
  if (mode == largestMode) best = v128.bitselect(f32x4.pmax(best, four), best, counted);
  else if (mode == smallestMode) best = v128.bitselect(f32x4.pmin(best, four), best, counted);
  else {
    // A compensated (Kahan) sum, as the gpu.js kernel has it.
    const term = f32x4.sub(four, lost);
    const next = f32x4.add(sums, term);
    lost = v128.bitselect(f32x4.sub(f32x4.sub(next, sums), term), lost, counted);
    sums = v128.bitselect(next, sums, counted);
  }
}

function finish(out: usize, column: i32): void {
  const values = mode == meanMode ? f32x4.div(sums, f32x4.convert_i32x4_s(counts)) : best;
  const left = columns - column;
  put(out, f32x4.extract_lane(values, 0), i32x4.extract_lane(counts, 0));
  if (left > 1) put(out + 4, f32x4.extract_lane(values, 1), i32x4.extract_lane(counts, 1));
  if (left > 2) put(out + 8, f32x4.extract_lane(values, 2), i32x4.extract_lane(counts, 2));
  if (left > 3) put(out + 12, f32x4.extract_lane(values, 3), i32x4.extract_lane(counts, 3));
}

@inline
function put(out: usize, stored: f32, count: i32): void {
  store<f32>(out, count == 0 ? NaN : <f32>(<f64>stored * slope + intercept));
}
