/**
 * Adds filtered projections up at the voxels of a grid whose slices lie across the axis of rotation: Feldkamp, Davis and Kress
 * (1984) for a cone, and the plain sum for parallel beams (Kak and Slaney 1988, 3.3).
 *
 * The voxels of a column, along the axis, see one place between two bins, and rows at even steps: both bins are mixed once for the
 * column, and each voxel takes two neighbouring rows of the mixture by one load.
 */
import { mulAdd, truncate } from "./sample";
import { angleCount, angles, binCount, binMm, filtered, perSource, rowCount, rowMm, rowStride } from "./scan";

/** Columns of voxels are done in squares of this edge, so that what an angle needs of its projection stays in the cache. */
const edge: i32 = 8;

/** `grid*`: the first voxel and the steps, in mm. `scratch`: a mixture (rowStride + 8 float32) and a square's sums. */
export function backProject(
  volume: usize,
  columns: i32,
  rows: i32,
  slices: i32,
  gridX: f64,
  gridY: f64,
  gridZ: f64,
  stepX: f64,
  stepY: f64,
  stepZ: f64,
  scratch: usize,
  counter: usize,
): void {
  const across = (columns + edge - 1) / edge;
  const squares = across * ((rows + edge - 1) / edge);
  const sums = scratch + (<usize>(rowStride + 8) << 2);
  const height = <usize>((slices + 3) & ~3) << 2;
  for (let square = atomic.add<i32>(counter, 1); square < squares; square = atomic.add<i32>(counter, 1)) {
    const fromX = (square % across) * edge;
    const fromY = (square / across) * edge;
    const toX = min(fromX + edge, columns);
    const toY = min(fromY + edge, rows);
    memory.fill(sums, 0, height * <usize>(edge * edge));
    for (let angle = 0; angle < angleCount; angle++) {
      let at = sums;
      for (let y = fromY; y < toY; y++)
        for (let x = fromX; x < toX; x++) {
          addColumn(angle, gridX + <f64>x * stepX, gridY + <f64>y * stepY, gridZ, stepZ, slices, scratch, at);
          at += height;
        }
    }
    storeSums(volume, columns, rows, slices, fromX, toX, fromY, toY, sums, height);
  }
}

@inline
function addColumn(
  angle: i32,
  x: f64,
  y: f64,
  z: f64,
  stepZ: f64,
  slices: i32,
  mixture: usize,
  sums: usize,
): void {
  const cosine = load<f64>(angles + (<usize>angle << 4));
  const sine = load<f64>(angles + (<usize>angle << 4), 8);
  const scaled = 1 / (1 - (x * cosine + y * sine) * perSource);
  const bin = (scaled * (y * cosine - x * sine)) / binMm + <f64>(binCount - 1) / 2;
  if (!(bin >= 0 && bin <= <f64>(binCount - 1))) return;
  const first = (scaled * z) / rowMm + <f64>(rowCount - 1) / 2;
  const step = (scaled * stepZ) / rowMm;
  const from = max(0, ceil(-first / step));
  const to = min(<f64>(slices - 1), floor((<f64>(rowCount - 1) - first) / step));
  if (!(to >= from)) return;
  const lowest = <i32>max(0, floor(first + from * step)) & ~3;
  const highest = min(<i32>floor(first + to * step) + 1, rowCount - 1);
  mix(angle, bin, scaled * scaled, lowest, highest, mixture);
  addRows(mixture, sums, <f32>(first - <f64>lowest), <f32>step, <i32>from, <i32>to);
}

/** Rows `lowest` to `highest`, four at a time; the first of them comes to lie at `mixture`. */
@inline
function mix(angle: i32, bin: f64, weight: f64, lowest: i32, highest: i32, mixture: usize): void {
  const left = <i32>bin;
  const right = min(left + 1, binCount - 1);
  const part = bin - <f64>left;
  const rightWeight = f32x4.splat(<f32>(weight * part));
  const leftWeight = f32x4.splat(<f32>(weight * (1 - part)));
  const base = filtered + (<usize>lowest << 2);
  let a = base + (<usize>(angle * binCount + left) * <usize>rowStride << 2);
  let b = base + (<usize>(angle * binCount + right) * <usize>rowStride << 2);
  const end = mixture + (<usize>(highest - lowest + 1) << 2);
  for (let to = mixture; to < end; to += 16) {
    v128.store(to, mulAdd(v128.load(a), leftWeight, f32x4.mul(v128.load(b), rightWeight)));
    a += 16;
    b += 16;
  }
}

/** Voxel k takes the mixture at first + k * step. Beside the last row lies what has no weight. */
@inline
function addRows(mixture: usize, sums: usize, first: f32, step: f32, from: i32, to: i32): void {
  const start = f32x4.splat(first);
  const steps = f32x4.splat(step);
  const base = i32x4.splat(<i32>mixture);
  let k = f32x4.add(f32x4(0, 1, 2, 3), f32x4.splat(<f32>from));
  let at = sums + (<usize>from << 2);
  for (const end = sums + (<usize>(to - 2) << 2); at < end; at += 16) {
    const place = mulAdd(k, steps, start);
    const whole = truncate(place);
    const part = f32x4.sub(place, f32x4.convert_i32x4_s(whole));
    const address = i32x4.add(i32x4.shl(whole, 2), base);
    const ab = i64x2.extract_lane(address, 0);
    const cd = i64x2.extract_lane(address, 1);
    let two = v128.load64_zero(<usize>ab);
    two = v128.load64_lane(<usize>(ab >> 32), two, 1);
    let others = v128.load64_zero(<usize>cd);
    others = v128.load64_lane(<usize>(cd >> 32), others, 1);
    const low = v128.shuffle<i32>(two, others, 0, 2, 4, 6);
    const high = v128.shuffle<i32>(two, others, 1, 3, 5, 7);
    v128.store(at, f32x4.add(v128.load(at), mulAdd(f32x4.sub(high, low), part, low)));
    k = f32x4.add(k, f32x4.splat(4));
  }
  for (; at <= sums + (<usize>to << 2); at += 4) {
    const place = max(0, <f32>((at - sums) >> 2) * step + first);
    const whole = <i32>place;
    const one = mixture + (<usize>whole << 2);
    const low = load<f32>(one);
    store<f32>(at, load<f32>(at) + low + (load<f32>(one, 4) - low) * (place - <f32>whole));
  }
}

function storeSums(
  volume: usize,
  columns: i32,
  rows: i32,
  slices: i32,
  fromX: i32,
  toX: i32,
  fromY: i32,
  toY: i32,
  sums: usize,
  height: usize,
): void {
  for (let slice = 0; slice < slices; slice++) {
    let from = sums + (<usize>slice << 2);
    for (let y = fromY; y < toY; y++) {
      let to = volume + ((<usize>(slice * rows + y) * <usize>columns + <usize>fromX) << 2);
      for (let x = fromX; x < toX; x++) {
        store<f32>(to, load<f32>(from));
        to += 4;
        from += height;
      }
    }
  }
}
