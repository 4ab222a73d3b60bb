/** How far two pictures of one view are apart, in words. */
import { median } from "./bench-row.ts";

/** Which values grey levels 0 and 255 stand for where the peer draws grey. */
export const greyRange = { low: -1024, high: 3071 };

/** Of the pixels that both have. Background of the peer is -32768. */
export function valueDifference(own: Float32Array, bytes: Buffer): string {
  const theirs = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  let [apart, most] = [0, 0];
  for (const [at, value] of own.entries()) {
    if (Number.isNaN(value) || theirs[at] === -32_768) continue;
    const by = Math.abs(value - theirs[at]!);
    if (by > 1) apart++;
    most = Math.max(most, by);
  }
  return `${apart} of ${own.length} pixels differ by more than 1 HU, at most by ${most.toFixed(1)}`;
}

/** Of a picture in colour where something is seen. The peer's rows run from the bottom up, and have no alpha. */
export function colourDifference(own: Uint8ClampedArray, bytes: Buffer, columns: number): string {
  const levels: number[] = [];
  for (let at = 0; at < own.length / 4; at++)
    if (own[at * 4 + 3]! > 0)
      levels.push(Math.abs(own[at * 4]! - bytes[redOf(at, own.length / 4, columns)]!));
  return `where something is seen, red differs by ${levelsOf(levels)}`;
}

/** Of values beside their grey levels. */
export function greyDifference(own: Float32Array, bytes: Buffer, columns: number): string {
  const levels: number[] = [];
  for (const [at, value] of own.entries()) {
    if (Number.isNaN(value)) continue;
    const part = (value - greyRange.low) / (greyRange.high - greyRange.low);
    const level = Math.min(Math.max(part, 0), 1) * 255;
    levels.push(Math.abs(level - bytes[redOf(at, own.length, columns)]!));
  }
  return `grey differs by ${levelsOf(levels)}`;
}

function redOf(at: number, count: number, columns: number): number {
  const row = Math.floor(at / columns);
  return ((count / columns - 1 - row) * columns + (at % columns)) * 3;
}

const levelsOf = (levels: readonly number[]) =>
  levels.length === 0
    ? "nothing, as nothing is seen"
    : `${median(levels).toFixed(1)} levels of 255 in the median`;
