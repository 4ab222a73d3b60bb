/** How far each block is from the next one that is seen, so that rays leap over what is empty. */
import { anyAbsorbs } from "./look";
import { blocksX, blocksY, blocksZ, ranges } from "./volume";

/** Per block 1 byte: 0 where something is seen, else the number of blocks to the next such one along the farthest axis. */
export let distances: usize = 0;

export function setDistances(at: usize): void {
  distances = at;
}

/** Longer leaps than this many blocks are made in two. */
const farthest: i32 = 250;

/** By one worker, before `render`. Two passes over the neighbours are exact for this distance (Rosenfeld and Pfaltz 1966). */
export function measureDistances(): void {
  const count = blocksX * blocksY * blocksZ;
  for (let index = 0; index < count; index++) {
    const low = <i32>load<i16>(ranges + (<usize>index << 2));
    const high = <i32>load<i16>(ranges + (<usize>index << 2) + 2);
    store<u8>(distances + <usize>index, low <= high && anyAbsorbs(low, high) ? 0 : farthest);
  }
  for (let z = 0; z < blocksZ; z++)
    for (let y = 0; y < blocksY; y++) for (let x = 0; x < blocksX; x++) relax(x, y, z, -1);
  for (let z = blocksZ - 1; z >= 0; z--)
    for (let y = blocksY - 1; y >= 0; y--) for (let x = blocksX - 1; x >= 0; x--) relax(x, y, z, 1);
}

/** One more than the least of the 13 neighbours that come before (`side` -1) or after (1) in the order of blocks. */
function relax(x: i32, y: i32, z: i32, side: i32): void {
  const at = distances + <usize>((z * blocksY + y) * blocksX + x);
  let least = <i32>load<u8>(at);
  if (least == 0) return;
  if (y + side >= 0 && y + side < blocksY) least = min(least, 1 + leastOfRow(x, y + side, z));
  if (x + side >= 0 && x + side < blocksX)
    least = min(least, 1 + <i32>load<u8>(at + <usize>side));
  if (z + side >= 0 && z + side < blocksZ)
    for (let row = max(y - 1, 0); row <= min(y + 1, blocksY - 1); row++)
      least = min(least, 1 + leastOfRow(x, row, z + side));
  store<u8>(at, <u8>least);
}

function leastOfRow(x: i32, y: i32, z: i32): i32 {
  const line = distances + <usize>((z * blocksY + y) * blocksX);
  let least = <i32>load<u8>(line + <usize>x);
  if (x > 0) least = min(least, <i32>load<u8>(line + <usize>(x - 1)));
  if (x < blocksX - 1) least = min(least, <i32>load<u8>(line + <usize>(x + 1)));
  return least;
}
