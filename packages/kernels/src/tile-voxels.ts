/** How many voxels a kernel over voxels is given at a time: memory stays bounded, and an abort is heard soon. */

/** 16 MiB of float32, and a flat index that float32 carries exactly (2^24 is the limit). */
const tileEntriesMax = 2 ** 22;
const tileVoxelsMax = 2 ** 16;
/** WebAssembly takes four neighbours at once, so that rows of outputs start on a multiple of four. */
const lanes = 4;

/** @throws RangeError when one voxel alone has more entries than a tile may hold. */
export function tileVoxelsFor(voxels: number, entriesPerVoxel: number): number {
  const fitting = Math.floor(tileEntriesMax / entriesPerVoxel / lanes) * lanes;
  if (fitting < lanes) throw new RangeError(`${entriesPerVoxel} values per voxel, more than a tile can hold`);
  const needed = Math.ceil(Math.max(voxels, 1) / lanes) * lanes;
  return Math.min(needed, fitting, tileVoxelsMax);
}
