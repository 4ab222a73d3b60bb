/** Trilinear samples on a plane: one sample a pixel. A row of pixels is a ray, so the steps inside are known without a test. */
import { gapIn, lowX, lowY, lowZ, setBox } from "./box";
import {
  bandRows,
  columns,
  downX,
  downY,
  downZ,
  nextBand,
  originX,
  originY,
  originZ,
  pixels,
  rightX,
  rightY,
  rightZ,
  rows,
} from "./plane";
import { enter, firstStep, lastStep, strictlyInside } from "./ray";
import { mulAdd, sampleFour, sampleOne } from "./sample";
import { hasGaps, rowBytes, sliceBytes, voxels } from "./volume";

/** Pixels between two float64 places: what lies between is float32, a few voxels at most, and exact to 1e-5 of them. */
const stride: i32 = 16;

/** Real-world values, stored * slope + intercept; NaN outside. Every worker calls it. */
export function reslice(slope: f64, intercept: f64): void {
  for (let row = nextBand(); row < rows; row = nextBand())
    for (let y = row; y < min(row + bandRows, rows); y++) resliceRow(y, slope, intercept);
}

function resliceRow(row: i32, slope: f64, intercept: f64): void {
  const px = originX + <f64>row * downX;
  const py = originY + <f64>row * downY;
  const pz = originZ + <f64>row * downZ;
  const line = pixels + ((<usize>row * <usize>columns) << 2);
  enter(px, py, pz, rightX, rightY, rightZ, 0, <f64>(columns - 1));
  const first = firstStep;
  const last = lastStep;
  outside(line, 0, first);
  outside(line, max(last + 1, first), columns);
  let column = first;
  if (strictlyInside)
    for (; column + 3 <= last; ) {
      const count = min(stride, (last - column + 1) & ~3);
      const x = px + <f64>column * rightX;
      const y = py + <f64>column * rightY;
      const z = pz + <f64>column * rightZ;
      const end = <f64>(count - 1);
      const endX = x + end * rightX;
      const endY = y + end * rightY;
      const endZ = z + end * rightZ;
      setBox(min(x, endX), max(x, endX), min(y, endY), max(y, endY), min(z, endZ), max(z, endZ));
      if (hasGaps() && gapIn()) resliceSlowly(line, px, py, pz, column, column + count, slope, intercept);
      else resliceStride(line + (<usize>column << 2), x, y, z, count, slope, intercept);
      column += count;
    }
  resliceSlowly(line, px, py, pz, column, last + 1, slope, intercept);
}

/** `count` pixels, a multiple of four, from voxel indices x, y, z on; all inside the box that is set. */
@inline
function resliceStride(
  line: usize,
  x: f64,
  y: f64,
  z: f64,
  count: i32,
  slope: f64,
  intercept: f64,
): void {
  const lanes = f32x4(0, 1, 2, 3);
  const base = voxels + <usize>lowX * 2 + <usize>lowY * rowBytes + <usize>lowZ * sliceBytes;
  let x4 = mulAdd(lanes, f32x4.splat(<f32>rightX), f32x4.splat(<f32>(x - <f64>lowX)));
  let y4 = mulAdd(lanes, f32x4.splat(<f32>rightY), f32x4.splat(<f32>(y - <f64>lowY)));
  let z4 = mulAdd(lanes, f32x4.splat(<f32>rightZ), f32x4.splat(<f32>(z - <f64>lowZ)));
  for (const stop = line + (<usize>count << 2); line < stop; line += 16) {
    const stored = sampleFour(base, x4, y4, z4);
    const two = f64x2.promote_low_f32x4(stored);
    const others = f64x2.promote_low_f32x4(v128.shuffle<i32>(stored, stored, 2, 3, 2, 3));
    const slopes = f64x2.splat(slope);
    const intercepts = f64x2.splat(intercept);
    const a = f32x4.demote_f64x2_zero(f64x2.add(f64x2.mul(two, slopes), intercepts));
    const b = f32x4.demote_f64x2_zero(f64x2.add(f64x2.mul(others, slopes), intercepts));
    v128.store(line, v128.shuffle<i32>(a, b, 0, 1, 4, 5));
    x4 = f32x4.add(x4, f32x4.splat(<f32>(4 * rightX)));
    y4 = f32x4.add(y4, f32x4.splat(<f32>(4 * rightY)));
    z4 = f32x4.add(z4, f32x4.splat(<f32>(4 * rightZ)));
  }
}

/** Pixels that lie on a face, beside a gap, or are fewer than four. */
function resliceSlowly(
  line: usize,
  px: f64,
  py: f64,
  pz: f64,
  from: i32,
  to: i32,
  slope: f64,
  intercept: f64,
): void {
  for (let column = from; column < to; column++) {
    const k = <f64>column;
    const stored = sampleOne(px + k * rightX, py + k * rightY, pz + k * rightZ);
    store<f32>(line + (<usize>column << 2), <f32>(stored * slope + intercept));
  }
}

function outside(line: usize, from: i32, to: i32): void {
  for (let column = from; column < to; column++) store<f32>(line + (<usize>column << 2), NaN);
}
