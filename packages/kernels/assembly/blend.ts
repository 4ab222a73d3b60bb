/**
 * Mixes two planes into colour: the values at the pixels' place in grey by a window, those at `over` through a table of 256 colours.
 * What was not measured (NaN) is as low as the window or the table begins. Red, green, blue and 255 take the values' place.
 */
import { bandRows, columns, nextBand, pixels, rows } from "./plane";
import { truncate } from "./sample";

/**
 * `table`: 256 times red, green, blue and 255 of the colours' share, float32, with half a level added. Grey is (value - low) *
 * perValue, `most` at most; the entry (value - overLow) * overPerValue. Planes are padded by four pixels.
 */
export function blend(
  over: usize,
  table: usize,
  low: f32,
  perValue: f32,
  most: f32,
  overLow: f32,
  overPerValue: f32,
): void {
  for (let row = nextBand(); row < rows; row = nextBand()) {
    const first = <usize>(row * columns) << 2;
    const end = <usize>(min(row + bandRows, rows) * columns) << 2;
    for (let at = first; at < end; at += 16) {
      const grey = within(v128.load(pixels + at), low, perValue, most);
      const place = within(v128.load(over + at), overLow, overPerValue, 255);
      const entry = i32x4.shl(truncate(f32x4.add(place, f32x4.splat(0.5))), 4);
      const a = mixed(table, i32x4.extract_lane(entry, 0), v128.shuffle<i32>(grey, grey, 0, 0, 0, 0));
      const b = mixed(table, i32x4.extract_lane(entry, 1), v128.shuffle<i32>(grey, grey, 1, 1, 1, 1));
      const c = mixed(table, i32x4.extract_lane(entry, 2), v128.shuffle<i32>(grey, grey, 2, 2, 2, 2));
      const d = mixed(table, i32x4.extract_lane(entry, 3), v128.shuffle<i32>(grey, grey, 3, 3, 3, 3));
      const halves = i16x8.narrow_i32x4_s(a, b);
      v128.store(pixels + at, i8x16.narrow_i16x8_u(halves, i16x8.narrow_i32x4_s(c, d)));
    }
  }
}

@inline
function mixed(table: usize, entry: i32, grey: v128): v128 {
  return truncate(f32x4.add(v128.load(table + <usize>entry), grey));
}

/** (value - low) * perValue from 0 to `most`; a NaN is 0, because no comparison with it holds. */
@inline
function within(values: v128, low: f32, perValue: f32, most: f32): v128 {
  const scaled = f32x4.mul(f32x4.sub(values, f32x4.splat(low)), f32x4.splat(perValue));
  return f32x4.min(f32x4.pmax(f32x4.splat(0), scaled), f32x4.splat(most));
}
