/**
 * Four trilinear samples at once. The voxels are 16 bits wide, in [slice][row][column] order.
 *
 * Along a row the two neighbours are loaded as one 32-bit lane and mixed by an integer dot product, whose weights are the
 * fraction in 1/32768 of a voxel: finer than float32 carries an index. The weights are negative, because -32768 fits into
 * 16 bits and 32768 does not, so that a sample on a voxel centre is that voxel exactly. The loads go one voxel, row and slice
 * too far where an index is the last one: with weight 0, into memory that the caller has padded.
 */
import { gapHigh, gapLow, lastX, lastY, lastZ, rowBytes, sliceBytes, voxels } from "./volume";

/** Products are summed in one step where the build has that, with one rounding less. */
@inline
export function mulAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** The integer part of numbers that are not negative and below 2^31. */
@inline
export function truncate(a: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_trunc_f32x4_s(a);
  return i32x4.trunc_sat_f32x4_s(a);
}

@inline
function pairs(a: usize, b: usize, c: usize, d: usize): v128 {
  let four = v128.load32_zero(a);
  four = v128.load32_lane(b, four, 1);
  four = v128.load32_lane(c, four, 2);
  return v128.load32_lane(d, four, 3);
}

/**
 * Stored values at four places. `x`, `y`, `z` count from the voxel at address `base`, none below 0 but by rounding.
 */
@inline
export function sampleFour(base: usize, x: v128, y: v128, z: v128): v128 {
  const fixedX = truncate(f32x4.mul(x, f32x4.splat(32768)));
  const wholeY = truncate(y);
  const wholeZ = truncate(z);
  const fx = v128.and(fixedX, i32x4.splat(0x7fff));
  const fy = f32x4.sub(y, f32x4.convert_i32x4_s(wholeY));
  const fz = f32x4.sub(z, f32x4.convert_i32x4_s(wholeZ));
  // Low half -(32768 - fx), high half -fx.
  const weights = i32x4.sub(i32x4.add(fx, i32x4.splat(32768)), i32x4.shl(fx, 16));
  const offset = i32x4.add(
    i32x4.shl(i32x4.shr_s(fixedX, 15), 1),
    i32x4.add(
      i32x4.mul(wholeY, i32x4.splat(<i32>rowBytes)),
      i32x4.mul(wholeZ, i32x4.splat(<i32>sliceBytes)),
    ),
  );
  const a = base + <usize>(<u32>i32x4.extract_lane(offset, 0));
  const b = base + <usize>(<u32>i32x4.extract_lane(offset, 1));
  const c = base + <usize>(<u32>i32x4.extract_lane(offset, 2));
  const d = base + <usize>(<u32>i32x4.extract_lane(offset, 3));
  const r = rowBytes;
  const s = sliceBytes;
  const near0 = f32x4.convert_i32x4_s(i32x4.dot_i16x8_s(pairs(a, b, c, d), weights));
  const near1 = f32x4.convert_i32x4_s(i32x4.dot_i16x8_s(pairs(a + r, b + r, c + r, d + r), weights));
  const far0 = f32x4.convert_i32x4_s(i32x4.dot_i16x8_s(pairs(a + s, b + s, c + s, d + s), weights));
  const t = r + s;
  const far1 = f32x4.convert_i32x4_s(i32x4.dot_i16x8_s(pairs(a + t, b + t, c + t, d + t), weights));
  const near = mulAdd(f32x4.sub(near1, near0), fy, near0);
  const far = mulAdd(f32x4.sub(far1, far0), fy, far0);
  return f32x4.mul(mulAdd(f32x4.sub(far, near), fz, near), f32x4.splat(-1.0 / 32768.0));
}

/** What index counts as being a voxel centre: sampling-rules.ts, indexTolerance. */
export const tolerance: f64 = 2e-4;

@inline
function clampTo(index: f64, last: i32): f64 {
  return min(max(index, 0), <f64>last);
}

/** One sample with every rule: clamped onto the faces, NaN where a gap has weight. Slow; for the edges of gaps and of the volume. */
export function sampleOne(x: f64, y: f64, z: f64): f64 {
  const cx = clampTo(x, lastX);
  const cy = clampTo(y, lastY);
  const cz = clampTo(z, lastZ);
  const wholeX = floor(cx + tolerance);
  const wholeY = floor(cy + tolerance);
  const wholeZ = floor(cz + tolerance);
  const fx = snapped(cx - wholeX);
  const fy = snapped(cy - wholeY);
  const fz = snapped(cz - wholeZ);
  const at = voxels + <usize>(<u32>wholeX) * 2 + <usize>(<u32>wholeY) * rowBytes + <usize>(<u32>wholeZ) * sliceBytes;
  const near = sampleSlice(at, fx, fy);
  if (fz == 0) return near;
  return near * (1 - fz) + sampleSlice(at + sliceBytes, fx, fy) * fz;
}

@inline
function snapped(fraction: f64): f64 {
  return fraction < tolerance ? 0 : fraction;
}

function sampleSlice(at: usize, fx: f64, fy: f64): f64 {
  const near = sampleRow(at, fx);
  if (fy == 0) return near;
  return near * (1 - fy) + sampleRow(at + rowBytes, fx) * fy;
}

function sampleRow(at: usize, fx: f64): f64 {
  const near = measured(at);
  if (fx == 0) return near;
  return near * (1 - fx) + measured(at + 2) * fx;
}

@inline
function measured(at: usize): f64 {
  const value = <i32>load<i16>(at);
  return value >= gapLow && value <= gapHigh ? NaN : <f64>value;
}
