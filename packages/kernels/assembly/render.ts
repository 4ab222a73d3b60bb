/** Volume rendering by the rules of rendering-rules.ts: four neighbouring rays in step, over what is empty by leaps. */
import { anyByte, gapAround, gapIn } from "./box";
import { distances } from "./distance";
import { absorbs, entries } from "./look";
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
  having,
  longest,
  placesX,
  placesY,
  placesZ,
  sampleClamped,
  sampleSlowly,
  setRays,
  startPacket,
  startX,
  startY,
  startZ,
  steps,
  strideSteps,
} from "./packet";
import { bandRows, columns, nextBand, pixels, rightX, rightY, rightZ, rows } from "./plane";
import { sampleFour, truncate } from "./sample";
import { setCare, shade } from "./shade";
import { blocksX, blocksY, hasGaps, lastX, lastY, lastZ } from "./volume";

/** Red, green, blue and transmittance of the four rays. */
let ray0: v128 = f32x4.splat(0);
let ray1: v128 = f32x4.splat(0);
let ray2: v128 = f32x4.splat(0);
let ray3: v128 = f32x4.splat(0);
/** One bit per ray that goes on. */
let going: i32 = 0;

/** rendering-rules.ts, leastTransmittance. */
const least: f32 = 1.0 / 512.0;

let clips: usize = 0;
let clipCount: i32 = 0;
let spread: f64 = 0;

/**
 * Red, green, blue and opacity, 8 bits each. `clipsAt`: per cut 4 float64, the normal and the offset in voxel indices.
 * Every worker calls it.
 */
export function render(
  dx: f64,
  dy: f64,
  dz: f64,
  stepCount: i32,
  red: f32,
  green: f32,
  blue: f32,
  clipsAt: usize,
  cuts: i32,
): void {
  setRays(dx, dy, dz, stepCount);
  clips = clipsAt;
  clipCount = cuts;
  spread = 3 * max(max(abs(rightX), abs(rightY)), abs(rightZ));
  const background = f32x4(red, green, blue, 0);
  for (let row = nextBand(); row < rows; row = nextBand())
    for (let column = 0; column < columns; column += 4)
      for (let y = row; y < min(row + bandRows, rows); y++) renderPacket(column, y, background);
}

function renderPacket(column: i32, row: i32, background: v128): void {
  const fresh = f32x4(0, 0, 0, 1);
  ray0 = fresh;
  ray1 = fresh;
  ray2 = fresh;
  ray3 = fresh;
  startPacket(column, row, clips, clipCount);
  going = 15;
  let k = anyFirst;
  while (k <= anyLast && going != 0) {
    const leap = emptySteps(k);
    if (leap > 0) {
      k += leap;
      continue;
    }
    const count = min(strideSteps, anyLast - k + 1);
    boxAround(k, count);
    if (anyByte(distances, 0, 0)) visit(k, count);
    k += count;
  }
  const out = pixels + ((<usize>row * <usize>columns + <usize>column) << 2);
  const left = columns - column;
  store<u32>(out, packed(ray0, background));
  if (left > 1) store<u32>(out + 4, packed(ray1, background));
  if (left > 2) store<u32>(out + 8, packed(ray2, background));
  if (left > 3) store<u32>(out + 12, packed(ray3, background));
}

@inline
function block(place: f64, last: i32): i32 {
  return <i32>min(max(place, 0), <f64>last) >> 3;
}

/** How many steps from k on certainly meet nothing, for all four rays. */
function emptySteps(k: i32): i32 {
  const x = block(startX + <f64>k * alongX, lastX);
  const y = block(startY + <f64>k * alongY, lastY);
  const z = block(startZ + <f64>k * alongZ, lastZ);
  const away = <i32>load<u8>(distances + <usize>((z * blocksY + y) * blocksX + x));
  if (away < 2) return 0;
  const room = <f64>((away - 1) << 3) - spread;
  if (room < 0) return 0;
  return <i32>min(room / longest, <f64>steps) + 1;
}

function visit(k: i32, count: i32): void {
  const base = boxBase();
  const gaps = hasGaps() && gapIn();
  setCare(hasGaps() && gapAround());
  const whole = !gaps && k >= allFirst && k + count - 1 <= allLast;
  let x = placesX(k);
  let y = placesY(k);
  let z = placesZ(k);
  const dx = f32x4.splat(<f32>alongX);
  const dy = f32x4.splat(<f32>alongY);
  const dz = f32x4.splat(<f32>alongZ);
  for (let step = k; step < k + count; step++) {
    let has = 15;
    let stored: v128;
    if (whole) stored = sampleFour(base, x, y, z);
    else {
      stored = gaps ? sampleSlowly(step) : sampleClamped(base, x, y, z);
      has = i32x4.bitmask(v128.and(having(step), f32x4.eq(stored, stored)));
    }
    const place = entries(stored);
    const seen = going & has & absorbing(truncate(place));
    if (seen != 0) take(seen, base, x, y, z, place, stored);
    if (going == 0) return;
    x = f32x4.add(x, dx);
    y = f32x4.add(y, dy);
    z = f32x4.add(z, dz);
  }
}

/** One bit per ray whose entry absorbs. */
@inline
function absorbing(entry: v128): i32 {
  return (
    <i32>load<u8>(absorbs + <usize>i32x4.extract_lane(entry, 0)) |
    (<i32>load<u8>(absorbs + <usize>i32x4.extract_lane(entry, 1)) << 1) |
    (<i32>load<u8>(absorbs + <usize>i32x4.extract_lane(entry, 2)) << 2) |
    (<i32>load<u8>(absorbs + <usize>i32x4.extract_lane(entry, 3)) << 3)
  );
}

/** Folds to one instruction where `lane` is a constant. */
@inline
function one(four: v128, lane: i32): f32 {
  if (lane == 0) return f32x4.extract_lane(four, 0);
  if (lane == 1) return f32x4.extract_lane(four, 1);
  if (lane == 2) return f32x4.extract_lane(four, 2);
  return f32x4.extract_lane(four, 3);
}

@inline
function lit(l: i32, ray: v128, base: usize, x: v128, y: v128, z: v128, place: v128, stored: v128): v128 {
  return shade(ray, base, one(x, l), one(y, l), one(z, l), one(place, l), one(stored, l));
}

function take(seen: i32, base: usize, x: v128, y: v128, z: v128, place: v128, stored: v128): void {
  if (seen & 1) {
    ray0 = lit(0, ray0, base, x, y, z, place, stored);
    if (f32x4.extract_lane(ray0, 3) < least) going &= ~1;
  }
  if (seen & 2) {
    ray1 = lit(1, ray1, base, x, y, z, place, stored);
    if (f32x4.extract_lane(ray1, 3) < least) going &= ~2;
  }
  if (seen & 4) {
    ray2 = lit(2, ray2, base, x, y, z, place, stored);
    if (f32x4.extract_lane(ray2, 3) < least) going &= ~4;
  }
  if (seen & 8) {
    ray3 = lit(3, ray3, base, x, y, z, place, stored);
    if (f32x4.extract_lane(ray3, 3) < least) going &= ~8;
  }
}

/** What is left of the background is seen; the fourth byte is the opacity. */
function packed(ray: v128, background: v128): u32 {
  const left = f32x4.extract_lane(ray, 3);
  const whole = f32x4.replace_lane(
    f32x4.add(ray, f32x4.mul(background, f32x4.splat(left))),
    3,
    1 - left,
  );
  const rounded = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(whole, f32x4.splat(255))));
  const words = i16x8.narrow_i32x4_s(rounded, rounded);
  return i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0);
}
