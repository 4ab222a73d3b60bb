/** The volume that this instance samples: where its voxels lie in the shared memory, and what its 8 x 8 x 8 blocks hold. */

/** Address of voxel (0,0,0). */
export let voxels: usize = 0;
export let rowBytes: usize = 0;
export let sliceBytes: usize = 0;
/** The last index along columns, rows and slices. */
export let lastX: i32 = 0;
export let lastY: i32 = 0;
export let lastZ: i32 = 0;
/** Stored values from `gapLow` to `gapHigh` are gaps: none where low is above high. */
export let gapLow: i32 = 1;
export let gapHigh: i32 = 0;

/** Per block, 4 bytes: the smallest and the largest value that a sample within can have; 32767, -32768 where all are gaps. */
export let ranges: usize = 0;
/** Per block of 4 x 4 x 4 blocks, the same. */
export let coarseRanges: usize = 0;
/** Per block, 1 byte: 1 where a gap can have weight. */
export let gapFlags: usize = 0;
/** How many blocks there are along each axis, and of the coarse ones. */
export let blocksX: i32 = 0;
export let blocksY: i32 = 0;
export let blocksZ: i32 = 0;
export let coarseX: i32 = 0;
export let coarseY: i32 = 0;
export let coarseZ: i32 = 0;

@inline
export function hasGaps(): bool {
  return gapLow <= gapHigh;
}

/** All addresses in bytes; each area as large as the comments above say. */
export function setVolume(
  voxelsAt: usize,
  columns: i32,
  rows: i32,
  slices: i32,
  low: i32,
  high: i32,
  rangesAt: usize,
  coarseRangesAt: usize,
  gapFlagsAt: usize,
): void {
  voxels = voxelsAt;
  rowBytes = <usize>columns * 2;
  sliceBytes = rowBytes * <usize>rows;
  lastX = columns - 1;
  lastY = rows - 1;
  lastZ = slices - 1;
  gapLow = low;
  gapHigh = high;
  ranges = rangesAt;
  coarseRanges = coarseRangesAt;
  gapFlags = gapFlagsAt;
  blocksX = (columns + 7) >> 3;
  blocksY = (rows + 7) >> 3;
  blocksZ = (slices + 7) >> 3;
  coarseX = (blocksX + 3) >> 2;
  coarseY = (blocksY + 3) >> 2;
  coarseZ = (blocksZ + 3) >> 2;
}

/** Makes unsigned voxels signed, 32768 less each: `bytes` from `from` on, a multiple of 16. */
export function makeSigned(from: usize, bytes: usize): void {
  const half = i16x8.splat(-32768);
  for (let at = from; at < from + bytes; at += 16) v128.store(at, v128.xor(v128.load(at), half));
}
