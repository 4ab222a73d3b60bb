/**
 * Fourier transforms of four complex rows at once, in place: a number is 16 bytes of real and 16 of imaginary parts. Two steps of
 * radix 2 are one pass; forward leaves the bits of the index reversed and backward takes them so, which a filter does not mind.
 * Not divided by the length.
 */
import { mulAdd } from "./sample";

@inline
function subMul(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c);
  return f32x4.sub(c, f32x4.mul(a, b));
}

/** `turns`: cosine and sine of 2 pi k / 2^log, float32, for all k below 3/4 of the length. */
export function forward(data: usize, log: i32, turns: usize): void {
  let left = log;
  if (left & 1) forwardTwo(data, 1 << log, turns);
  left &= ~1;
  for (; left > 0; left -= 2) forwardFour(data, 1 << log, 1 << left, turns);
}

export function backward(data: usize, log: i32, turns: usize): void {
  for (let done = 2; done <= log; done += 2) backwardFour(data, 1 << log, 1 << done, turns);
  if (log & 1) backwardTwo(data, 1 << log, turns);
}

/** The first step of an odd number of them. */
function forwardTwo(data: usize, length: i32, turns: usize): void {
  const half = <usize>length << 4;
  for (let j = 0; j < length >> 1; j++) {
    const at = data + (<usize>j << 5);
    const a = v128.load(at);
    const ai = v128.load(at, 16);
    const b = v128.load(at + half);
    const bi = v128.load(at + half, 16);
    v128.store(at, f32x4.add(a, b));
    v128.store(at, f32x4.add(ai, bi), 16);
    storeTurned(at + half, f32x4.sub(a, b), f32x4.sub(ai, bi), turns + (<usize>j << 3));
  }
}

/** a * (cosine - i sine). */
@inline
function storeTurned(at: usize, re: v128, im: v128, turn: usize): void {
  const c = v128.load32_splat(turn);
  const s = v128.load32_splat(turn, 4);
  v128.store(at, mulAdd(im, s, f32x4.mul(re, c)));
  v128.store(at, subMul(re, s, f32x4.mul(im, c)), 16);
}

function forwardFour(data: usize, length: i32, size: i32, turns: usize): void {
  const quarter = <usize>size << 3;
  const step = <usize>(length / size) << 3;
  const end = data + (<usize>length << 5);
  for (let block = data; block < end; block += quarter << 2) {
    let turn: usize = 0;
    for (let at = block; at < block + quarter; at += 32) {
      const a0 = v128.load(at);
      const i0 = v128.load(at, 16);
      const a1 = v128.load(at + quarter);
      const i1 = v128.load(at + quarter, 16);
      const a2 = v128.load(at + 2 * quarter);
      const i2 = v128.load(at + 2 * quarter, 16);
      const a3 = v128.load(at + 3 * quarter);
      const i3 = v128.load(at + 3 * quarter, 16);
      const s02 = f32x4.add(a0, a2);
      const t02 = f32x4.add(i0, i2);
      const d02 = f32x4.sub(a0, a2);
      const e02 = f32x4.sub(i0, i2);
      const s13 = f32x4.add(a1, a3);
      const t13 = f32x4.add(i1, i3);
      const d13 = f32x4.sub(a1, a3);
      const e13 = f32x4.sub(i1, i3);
      v128.store(at, f32x4.add(s02, s13));
      v128.store(at, f32x4.add(t02, t13), 16);
      storeTurned(at + quarter, f32x4.sub(s02, s13), f32x4.sub(t02, t13), turns + 2 * turn);
      storeTurned(at + 2 * quarter, f32x4.add(d02, e13), f32x4.sub(e02, d13), turns + turn);
      storeTurned(at + 3 * quarter, f32x4.sub(d02, e13), f32x4.add(e02, d13), turns + 3 * turn);
      turn += step;
    }
  }
}

let re: v128 = f32x4.splat(0);
let im: v128 = f32x4.splat(0);

/** a * (cosine + i sine), into `re` and `im`. */
@inline
function turnBack(at: usize, turn: usize): void {
  const c = v128.load32_splat(turn);
  const s = v128.load32_splat(turn, 4);
  const a = v128.load(at);
  const b = v128.load(at, 16);
  re = subMul(b, s, f32x4.mul(a, c));
  im = mulAdd(a, s, f32x4.mul(b, c));
}

function backwardFour(data: usize, length: i32, size: i32, turns: usize): void {
  const quarter = <usize>size << 3;
  const step = <usize>(length / size) << 3;
  const end = data + (<usize>length << 5);
  for (let block = data; block < end; block += quarter << 2) {
    let turn: usize = 0;
    for (let at = block; at < block + quarter; at += 32) {
      const a = v128.load(at);
      const ai = v128.load(at, 16);
      turnBack(at + quarter, turns + 2 * turn);
      const s02 = f32x4.add(a, re);
      const t02 = f32x4.add(ai, im);
      const s13 = f32x4.sub(a, re);
      const t13 = f32x4.sub(ai, im);
      turnBack(at + 2 * quarter, turns + turn);
      const b = re;
      const bi = im;
      turnBack(at + 3 * quarter, turns + 3 * turn);
      const d02 = f32x4.add(b, re);
      const e02 = f32x4.add(bi, im);
      const d13 = f32x4.sub(b, re);
      const e13 = f32x4.sub(bi, im);
      v128.store(at, f32x4.add(s02, d02));
      v128.store(at, f32x4.add(t02, e02), 16);
      v128.store(at + quarter, f32x4.sub(s13, e13));
      v128.store(at + quarter, f32x4.add(t13, d13), 16);
      v128.store(at + 2 * quarter, f32x4.sub(s02, d02));
      v128.store(at + 2 * quarter, f32x4.sub(t02, e02), 16);
      v128.store(at + 3 * quarter, f32x4.add(s13, e13));
      v128.store(at + 3 * quarter, f32x4.sub(t13, d13), 16);
      turn += step;
    }
  }
}

function backwardTwo(data: usize, length: i32, turns: usize): void {
  const half = <usize>length << 4;
  for (let j = 0; j < length >> 1; j++) {
    const at = data + (<usize>j << 5);
    turnBack(at + half, turns + (<usize>j << 3));
    const a = v128.load(at);
    const ai = v128.load(at, 16);
    v128.store(at, f32x4.add(a, re));
    v128.store(at, f32x4.add(ai, im), 16);
    v128.store(at + half, f32x4.sub(a, re));
    v128.store(at + half, f32x4.sub(ai, im), 16);
  }
}
