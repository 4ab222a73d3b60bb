/**
 * Four rays side by side, those of neighbouring pixels of a row, which go through the volume in step. Where each is, and which
 * of its steps are inside, is float64; between two such places of a few voxels' distance it is float32.
 */
import { setBox } from "./box";
import {
  columns,
  downX,
  downY,
  downZ,
  originX,
  originY,
  originZ,
  rightX,
  rightY,
  rightZ,
} from "./plane";
import { enter, firstStep, lastStep, strictlyInside } from "./ray";
import { mulAdd, sampleFour, sampleOne } from "./sample";
import { lowX, lowY, lowZ } from "./box";
import { lastX, lastY, lastZ, rowBytes, sliceBytes, voxels } from "./volume";

/** From one sample of a ray to the next one: voxel indices. */
export let alongX: f64 = 0;
export let alongY: f64 = 0;
export let alongZ: f64 = 0;
export let steps: i32 = 0;
/** The longest of the three. */
export let longest: f64 = 0;
/** How many steps lead through about one block, at least one. */
export let strideSteps: i32 = 1;

/** Index of the first ray's sample 0. */
export let startX: f64 = 0;
export let startY: f64 = 0;
export let startZ: f64 = 0;
/** The first and the last step of each ray; none where last < first. */
export let firsts: v128 = i32x4.splat(0);
export let lasts: v128 = i32x4.splat(-1);
/** From the first step of any ray to the last of any; and those that all four have, without clamping. */
export let anyFirst: i32 = 0;
export let anyLast: i32 = -1;
export let allFirst: i32 = 0;
export let allLast: i32 = -1;

export function setRays(dx: f64, dy: f64, dz: f64, stepCount: i32): void {
  alongX = dx;
  alongY = dy;
  alongZ = dz;
  steps = stepCount;
  longest = max(max(abs(dx), abs(dy)), abs(dz));
  strideSteps = <i32>min(max(8 / longest, 1), 32);
}

/**
 * Takes the rays of four pixels from (column, row) on; those beyond the last column have no steps. What lies beyond a cut is
 * not in the volume: per cut 4 float64 at `clips`, normal and offset in voxel indices.
 */
export function startPacket(column: i32, row: i32, clips: usize, clipCount: i32): void {
  startX = originX + <f64>column * rightX + <f64>row * downX;
  startY = originY + <f64>column * rightY + <f64>row * downY;
  startZ = originZ + <f64>column * rightZ + <f64>row * downZ;
  anyFirst = i32.MAX_VALUE;
  anyLast = -1;
  allFirst = 0;
  allLast = i32.MAX_VALUE;
  takeRay(0, column, clips, clipCount);
  firsts = i32x4.replace_lane(firsts, 0, firstStep);
  lasts = i32x4.replace_lane(lasts, 0, lastStep);
  takeRay(1, column, clips, clipCount);
  firsts = i32x4.replace_lane(firsts, 1, firstStep);
  lasts = i32x4.replace_lane(lasts, 1, lastStep);
  takeRay(2, column, clips, clipCount);
  firsts = i32x4.replace_lane(firsts, 2, firstStep);
  lasts = i32x4.replace_lane(lasts, 2, lastStep);
  takeRay(3, column, clips, clipCount);
  firsts = i32x4.replace_lane(firsts, 3, firstStep);
  lasts = i32x4.replace_lane(lasts, 3, lastStep);
}

function takeRay(lane: i32, column: i32, clips: usize, clipCount: i32): void {
  const x = startX + <f64>lane * rightX;
  const y = startY + <f64>lane * rightY;
  const z = startZ + <f64>lane * rightZ;
  cutNear = 0;
  cutFar = column + lane < columns ? <f64>(steps - 1) : -1;
  for (let cut = 0; cut < clipCount; cut++) narrowToCut(clips + <usize>(cut << 5), x, y, z);
  enter(x, y, z, alongX, alongY, alongZ, cutNear, cutFar);
  if (lastStep >= firstStep) {
    anyFirst = min(anyFirst, firstStep);
    anyLast = max(anyLast, lastStep);
  }
  allFirst = max(allFirst, firstStep);
  allLast = min(allLast, strictlyInside ? lastStep : -1);
}

let cutNear: f64 = 0;
let cutFar: f64 = 0;

function narrowToCut(clip: usize, x: f64, y: f64, z: f64): void {
  const nx = load<f64>(clip);
  const ny = load<f64>(clip, 8);
  const nz = load<f64>(clip, 16);
  const room = load<f64>(clip, 24) - (nx * x + ny * y + nz * z);
  const pace = nx * alongX + ny * alongY + nz * alongZ;
  if (pace > 0) cutFar = min(cutFar, room / pace);
  else if (pace < 0) cutNear = max(cutNear, room / pace);
  else if (room < 0) cutFar = -1;
}

/** The box around the samples of steps k to k + count - 1. */
@inline
export function boxAround(k: i32, count: i32): void {
  const x = startX + <f64>k * alongX;
  const y = startY + <f64>k * alongY;
  const z = startZ + <f64>k * alongZ;
  const n = <f64>(count - 1);
  setBox(
    x + min(0, 3 * rightX) + min(0, n * alongX),
    x + max(0, 3 * rightX) + max(0, n * alongX),
    y + min(0, 3 * rightY) + min(0, n * alongY),
    y + max(0, 3 * rightY) + max(0, n * alongY),
    z + min(0, 3 * rightZ) + min(0, n * alongZ),
    z + max(0, 3 * rightZ) + max(0, n * alongZ),
  );
}

@inline
export function boxBase(): usize {
  return voxels + <usize>lowX * 2 + <usize>lowY * rowBytes + <usize>lowZ * sliceBytes;
}

/** Places of the four rays at step k, counted from the box's first voxel. */
@inline
export function placesX(k: i32): v128 {
  return mulAdd(f32x4(0, 1, 2, 3), f32x4.splat(<f32>rightX), f32x4.splat(<f32>(startX + <f64>k * alongX - <f64>lowX)));
}

@inline
export function placesY(k: i32): v128 {
  return mulAdd(f32x4(0, 1, 2, 3), f32x4.splat(<f32>rightY), f32x4.splat(<f32>(startY + <f64>k * alongY - <f64>lowY)));
}

@inline
export function placesZ(k: i32): v128 {
  return mulAdd(f32x4(0, 1, 2, 3), f32x4.splat(<f32>rightZ), f32x4.splat(<f32>(startZ + <f64>k * alongZ - <f64>lowZ)));
}

/** Which rays have step k: all bits of their lane. */
@inline
export function having(k: i32): v128 {
  const step = i32x4.splat(k);
  return v128.and(i32x4.ge_s(step, firsts), i32x4.le_s(step, lasts));
}

/** As `sampleFour`, at places that are clamped onto the volume's faces first. */
@inline
export function sampleClamped(base: usize, x: v128, y: v128, z: v128): v128 {
  return sampleFour(
    base,
    clamped(x, lowX, lastX),
    clamped(y, lowY, lastY),
    clamped(z, lowZ, lastZ),
  );
}

@inline
function clamped(places: v128, low: i32, last: i32): v128 {
  return f32x4.pmin(f32x4.pmax(places, f32x4.splat(<f32>-low)), f32x4.splat(<f32>(last - low)));
}

/** The samples of step k with every rule; NaN where there is none. */
export function sampleSlowly(k: i32): v128 {
  const x = startX + <f64>k * alongX;
  const y = startY + <f64>k * alongY;
  const z = startZ + <f64>k * alongZ;
  const has = i32x4.bitmask(having(k));
  let four = f32x4.splat(NaN);
  if (has & 1) four = f32x4.replace_lane(four, 0, <f32>sampleOne(x, y, z));
  if (has & 2)
    four = f32x4.replace_lane(four, 1, <f32>sampleOne(x + rightX, y + rightY, z + rightZ));
  if (has & 4)
    four = f32x4.replace_lane(
      four,
      2,
      <f32>sampleOne(x + 2 * rightX, y + 2 * rightY, z + 2 * rightZ),
    );
  if (has & 8)
    four = f32x4.replace_lane(
      four,
      3,
      <f32>sampleOne(x + 3 * rightX, y + 3 * rightY, z + 3 * rightZ),
    );
  return four;
}
