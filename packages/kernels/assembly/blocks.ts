/**
 * What each block of 8 x 8 x 8 voxels can hold. A sample whose index, rounded down, lies in a block mixes that block's voxels
 * with the next one's first ones: those count too. Coarse blocks are 4 x 4 x 4 blocks.
 */
import {
  blocksX,
  blocksY,
  blocksZ,
  coarseRanges,
  coarseX,
  coarseY,
  coarseZ,
  gapFlags,
  gapHigh,
  gapLow,
  hasGaps,
  lastX,
  lastY,
  lastZ,
  ranges,
  rowBytes,
  sliceBytes,
  voxels,
} from "./volume";

const nothing: i32 = 32767;

/** Claims layers of blocks by the counter at `counter` until none is left; every worker calls it. */
export function measureBlocks(counter: usize): void {
  for (;;) {
    const layer = atomic.add<i32>(counter, 1);
    if (layer >= blocksZ) return;
    for (let y = 0; y < blocksY; y++) for (let x = 0; x < blocksX; x++) measureBlock(x, y, layer);
  }
}

function measureBlock(x: i32, y: i32, z: i32): void {
  const index = <usize>((z * blocksY + y) * blocksX + x);
  const toX = min((x << 3) + 8, lastX);
  const toY = min((y << 3) + 8, lastY);
  const toZ = min((z << 3) + 8, lastZ);
  const count = toX - (x << 3) + 1;
  leasts = i16x8.splat(32767);
  mosts = i16x8.splat(-32768);
  gaps = i16x8.splat(0);
  for (let slice = z << 3; slice <= toZ; slice++)
    for (let row = y << 3; row <= toY; row++) {
      const line = voxels + <usize>(<u32>slice) * sliceBytes + <usize>(<u32>row) * rowBytes + <usize>(x << 4);
      if (count == 9) {
        // Eight voxels in one load, and the ninth in another that overlaps it.
        include(v128.load(line));
        include(v128.load(line, 2));
      } else for (let column = 0; column < count; column++) include(v128.load16_splat(line + <usize>(column << 1)));
    }
  store<i16>(ranges + (index << 2), <i16>smallest(leasts));
  // The complement turns the order round, and is in 16 bits where the negative is not.
  store<i16>(ranges + (index << 2) + 2, <i16>~smallest(v128.not(mosts)));
  if (hasGaps()) store<u8>(gapFlags + index, v128.any_true(gaps) ? 1 : 0);
}

let leasts: v128 = i16x8.splat(0);
let mosts: v128 = i16x8.splat(0);
let gaps: v128 = i16x8.splat(0);

@inline
function include(eight: v128): void {
  const gap = v128.and(
    i16x8.ge_s(eight, i16x8.splat(<i16>gapLow)),
    i16x8.le_s(eight, i16x8.splat(<i16>gapHigh)),
  );
  gaps = v128.or(gaps, gap);
  leasts = i16x8.min_s(leasts, v128.bitselect(i16x8.splat(32767), eight, gap));
  mosts = i16x8.max_s(mosts, v128.bitselect(i16x8.splat(-32768), eight, gap));
}

function smallest(eight: v128): i32 {
  let least: i32 = 32767;
  least = min(least, <i32>i16x8.extract_lane_s(eight, 0));
  least = min(least, <i32>i16x8.extract_lane_s(eight, 1));
  least = min(least, <i32>i16x8.extract_lane_s(eight, 2));
  least = min(least, <i32>i16x8.extract_lane_s(eight, 3));
  least = min(least, <i32>i16x8.extract_lane_s(eight, 4));
  least = min(least, <i32>i16x8.extract_lane_s(eight, 5));
  least = min(least, <i32>i16x8.extract_lane_s(eight, 6));
  return min(least, <i32>i16x8.extract_lane_s(eight, 7));
}

/** After all blocks are measured. */
export function measureCoarseBlocks(): void {
  for (let z = 0; z < coarseZ; z++)
    for (let y = 0; y < coarseY; y++) for (let x = 0; x < coarseX; x++) measureCoarse(x, y, z);
}

function measureCoarse(x: i32, y: i32, z: i32): void {
  let low: i32 = nothing;
  let high: i32 = ~nothing;
  for (let bz = z << 2; bz < min((z << 2) + 4, blocksZ); bz++)
    for (let by = y << 2; by < min((y << 2) + 4, blocksY); by++)
      for (let bx = x << 2; bx < min((x << 2) + 4, blocksX); bx++) {
        const range = ranges + ((<usize>((bz * blocksY + by) * blocksX + bx)) << 2);
        low = min(low, <i32>load<i16>(range));
        high = max(high, <i32>load<i16>(range + 2));
      }
  const at = coarseRanges + ((<usize>((z * coarseY + y) * coarseX + x)) << 2);
  store<i16>(at, <i16>low);
  store<i16>(at + 2, <i16>high);
}
