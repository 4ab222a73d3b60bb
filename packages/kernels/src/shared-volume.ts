/** A volume as the worker receives it: memory that both threads see, so that a message copies no voxels. */
import type { Volume } from "@releve/domain/volume";

type VoxelArray = Int16Array | Uint16Array | Float32Array;

export type SharedVolume = {
  /** Tells one volume from another within the process. */
  readonly key: number;
  readonly values: VoxelArray;
  /** Columns, rows, slices. */
  readonly size: readonly [number, number, number];
  readonly padding?: { readonly low: number; readonly high: number };
};

const known = new WeakMap<Volume, SharedVolume>();
let nextKey = 1;

/** The same volume object gives the same key; voxels outside shared memory are copied into it once. */
export function sharedVolume(volume: Volume): SharedVolume {
  const before = known.get(volume);
  if (before) return before;
  const { columns, rows, slices } = volume.geometry;
  const { values } = volume.voxels;
  if (values.length !== columns * rows * slices)
    throw new RangeError(`${values.length} voxels do not fill ${columns} x ${rows} x ${slices}`);
  const shared: SharedVolume = {
    key: nextKey++,
    values: inSharedMemory(values),
    size: [columns, rows, slices],
    ...(volume.padding && { padding: volume.padding }),
  };
  known.set(volume, shared);
  return shared;
}

function inSharedMemory(values: VoxelArray): VoxelArray {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const copy = new (values.constructor as new (buffer: SharedArrayBuffer) => VoxelArray)(
    new SharedArrayBuffer(values.byteLength),
  );
  copy.set(values);
  return copy;
}
