/** A box of voxel indices around the samples of some rays, and what the blocks in it can hold. */
import {
  blocksX,
  blocksY,
  coarseRanges,
  coarseX,
  coarseY,
  gapFlags,
  lastX,
  lastY,
  lastZ,
  ranges,
} from "./volume";

/** Whole indices within the volume, both inclusive. */
export let lowX: i32 = 0;
export let lowY: i32 = 0;
export let lowZ: i32 = 0;
let highX: i32 = 0;
let highY: i32 = 0;
let highZ: i32 = 0;

@inline
function within(index: f64, last: i32): i32 {
  return <i32>min(max(index, 0), <f64>last);
}

@inline
export function setBox(fromX: f64, toX: f64, fromY: f64, toY: f64, fromZ: f64, toZ: f64): void {
  lowX = within(fromX, lastX);
  lowY = within(fromY, lastY);
  lowZ = within(fromZ, lastZ);
  highX = within(toX, lastX);
  highY = within(toY, lastY);
  highZ = within(toZ, lastZ);
}

/** The largest value that a sample in the box can have; -32768 where all is gaps. */
export function largestIn(): i32 {
  let largest: i32 = -32768;
  for (let z = lowZ >> 3; z <= highZ >> 3; z++)
    for (let y = lowY >> 3; y <= highY >> 3; y++) {
      const line = ranges + (<usize>((z * blocksY + y) * blocksX) << 2);
      for (let x = lowX >> 3; x <= highX >> 3; x++)
        largest = max(largest, <i32>load<i16>(line + (<usize>x << 2), 2));
    }
  return largest;
}

/** The smallest value that a sample in the box can have; 32767 where all is gaps. */
export function smallestIn(): i32 {
  let smallest: i32 = 32767;
  for (let z = lowZ >> 3; z <= highZ >> 3; z++)
    for (let y = lowY >> 3; y <= highY >> 3; y++) {
      const line = ranges + (<usize>((z * blocksY + y) * blocksX) << 2);
      for (let x = lowX >> 3; x <= highX >> 3; x++)
        smallest = min(smallest, <i32>load<i16>(line + (<usize>x << 2)));
    }
  return smallest;
}

/** As `largestIn`, by coarse blocks. */
export function largestNear(): i32 {
  let largest: i32 = -32768;
  for (let z = lowZ >> 5; z <= highZ >> 5; z++)
    for (let y = lowY >> 5; y <= highY >> 5; y++) {
      const line = coarseRanges + (<usize>((z * coarseY + y) * coarseX) << 2);
      for (let x = lowX >> 5; x <= highX >> 5; x++)
        largest = max(largest, <i32>load<i16>(line + (<usize>x << 2), 2));
    }
  return largest;
}

/** As `smallestIn`, by coarse blocks. */
export function smallestNear(): i32 {
  let smallest: i32 = 32767;
  for (let z = lowZ >> 5; z <= highZ >> 5; z++)
    for (let y = lowY >> 5; y <= highY >> 5; y++) {
      const line = coarseRanges + (<usize>((z * coarseY + y) * coarseX) << 2);
      for (let x = lowX >> 5; x <= highX >> 5; x++)
        smallest = min(smallest, <i32>load<i16>(line + (<usize>x << 2)));
    }
  return smallest;
}

/** Whether a gap can have weight in the box. */
export function gapIn(): bool {
  return anyByte(gapFlags, 1, 0);
}

/** Whether one can in what differences around the box's samples look at. */
export function gapAround(): bool {
  return anyByte(gapFlags, 1, 1);
}

/** Whether a block that touches the box, grown by that many voxels, has that byte in a map of one byte a block. */
export function anyByte(map: usize, wanted: u8, grown: i32): bool {
  const fromX = max(lowX - grown, 0) >> 3;
  const fromY = max(lowY - grown, 0) >> 3;
  const fromZ = max(lowZ - grown, 0) >> 3;
  const toX = min(highX + grown, lastX) >> 3;
  const toY = min(highY + grown, lastY) >> 3;
  const toZ = min(highZ + grown, lastZ) >> 3;
  for (let z = fromZ; z <= toZ; z++)
    for (let y = fromY; y <= toY; y++) {
      const line = map + <usize>((z * blocksY + y) * blocksX);
      for (let x = fromX; x <= toX; x++) if (load<u8>(line + <usize>x) == wanted) return true;
    }
  return false;
}
