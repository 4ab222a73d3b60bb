/**
 * Weights projections by the obliquity of their rays, filters them along the bins and turns them so that rows lie side by side.
 * Eight rows at once: the filter is real and even, so four more rows ride as imaginary parts and come out as they went in.
 */
import { backward, forward } from "./fourier";
import { mulAdd } from "./sample";
import { angleCount, binCount, binMm, filtered, perSource, projections, rowCount, rowMm, rowStride } from "./scan";

/** `scratch`: 32 bytes for each of 2^log numbers. `response`: the filter's, in the order that `forward` leaves. */
export function filterProjections(
  scratch: usize,
  log: i32,
  turns: usize,
  response: usize,
  counter: usize,
): void {
  for (let angle = atomic.add<i32>(counter, 1); angle < angleCount; angle = atomic.add<i32>(counter, 1))
    for (let row = 0; row < rowCount; row += 8) {
      loadRows(angle, row, scratch, 1 << log);
      forward(scratch, log, turns);
      for (let at = 0; at < 1 << log; at++) {
        const gain = v128.load32_splat(response + (<usize>at << 2));
        const place = scratch + (<usize>at << 5);
        v128.store(place, f32x4.mul(v128.load(place), gain));
        v128.store(place, f32x4.mul(v128.load(place, 16), gain), 16);
      }
      backward(scratch, log, turns);
      storeRows(angle, row, scratch);
    }
}

function loadRows(angle: i32, row: i32, scratch: usize, length: i32): void {
  loadFour(angle, row, scratch);
  loadFour(angle, row + 4, scratch + 16);
  memory.fill(scratch + (<usize>binCount << 5), 0, <usize>(length - binCount) << 5);
}

/** Rows beyond the last one repeat it: nobody looks at them. */
@inline
function rowAt(angle: i32, row: i32): usize {
  return projections + (<usize>((angle * rowCount + min(row, rowCount - 1)) * binCount) << 2);
}

function loadFour(angle: i32, row: i32, to: usize): void {
  let a = rowAt(angle, row);
  let b = rowAt(angle, row + 1);
  let c = rowAt(angle, row + 2);
  let d = rowAt(angle, row + 3);
  const lanes = f32x4.add(f32x4(0, 1, 2, 3), f32x4.splat(<f32>(<f64>row - <f64>(rowCount - 1) / 2)));
  const v = f32x4.mul(lanes, f32x4.splat(<f32>(rowMm * perSource)));
  const one = f32x4.splat(1);
  const flat = mulAdd(v, v, one);
  const middle = <f64>(binCount - 1) / 2;
  for (let bin = 0; bin < binCount; bin++) {
    let four = v128.load32_zero(a);
    four = v128.load32_lane(b, four, 1);
    four = v128.load32_lane(c, four, 2);
    four = v128.load32_lane(d, four, 3);
    const u = f32x4.splat(<f32>((<f64>bin - middle) * binMm * perSource));
    const long = f32x4.sqrt(mulAdd(u, u, flat));
    v128.store(to + (<usize>bin << 5), f32x4.div(four, long));
    a += 4;
    b += 4;
    c += 4;
    d += 4;
  }
}

function storeRows(angle: i32, row: i32, scratch: usize): void {
  let to = filtered + ((<usize>(angle * binCount) * <usize>rowStride + <usize>row) << 2);
  for (let bin = 0; bin < binCount; bin++) {
    const from = scratch + (<usize>bin << 5);
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    to += <usize>rowStride << 2;
  }
}
