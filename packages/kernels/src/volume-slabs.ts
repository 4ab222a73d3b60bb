/**
 * A volume that no array holds whole is computed in slabs of slices. A sample belongs to exactly one slab, by its place along
 * the slices; each slab holds two slices more on either side, which is what the gradient of a sample on its border needs.
 */
import type { Vec3 } from "@releve/domain/vec3";
import { VolumeTooLargeFault } from "./faults.ts";
import type { SharedVolume } from "./shared-volume.ts";

export type VolumeSlab = {
  /** The slices in memory. */
  readonly firstSlice: number;
  readonly lastSlice: number;
  /** Samples from slice `from` on and before slice `to` are the slab's own. */
  readonly from: number;
  readonly to: number;
};

const marginSlices = 2;
/** Own slices lie between the margins, and a sample lies between two slices. */
const slicesMin = 2 * marginSlices + 2;
/** Beyond every volume, and a number that float32 divides without trouble. */
const beyond = 1e9;

/** In rising order; all hold the same number of slices. @throws VolumeTooLargeFault with the bytes of the fewest slices that make one. */
export function slabsOf({ size }: Pick<SharedVolume, "size">, bytesMax: number): readonly VolumeSlab[] {
  const [columns, rows, slices] = size;
  const sliceBytes = columns * rows * Float32Array.BYTES_PER_ELEMENT;
  const held = Math.min(slices, Math.floor(bytesMax / sliceBytes));
  const heldMin = Math.min(slices, slicesMin);
  if (held < heldMin) throw new VolumeTooLargeFault(heldMin * sliceBytes, bytesMax);
  const slabs: VolumeSlab[] = [];
  for (let from = -beyond; from < beyond; from = slabs.at(-1)!.to) {
    const firstSlice = Math.min(Math.max(from - marginSlices, 0), slices - held);
    const lastSlice = firstSlice + held - 1;
    const to = lastSlice === slices - 1 ? beyond : lastSlice - marginSlices;
    slabs.push({ firstSlice, lastSlice, from, to });
  }
  return slabs;
}

type Rays = {
  readonly columns: number;
  readonly rows: number;
  readonly steps: number;
  readonly origin: Vec3;
  readonly right: Vec3;
  readonly down: Vec3;
  readonly along: Vec3;
};

/** The slabs that some sample of the rays may lie in; one at least, so that there is something to compute with. */
export function touchedSlabs(slabs: readonly VolumeSlab[], rays: Rays): readonly VolumeSlab[] {
  const reach = [
    (rays.columns - 1) * rays.right[2],
    (rays.rows - 1) * rays.down[2],
    (rays.steps - 1) * rays.along[2],
  ];
  // A slice more: the kernels compute in float32.
  const least = reach.reduce((sum, part) => sum + Math.min(part, 0), rays.origin[2]) - 1;
  const most = reach.reduce((sum, part) => sum + Math.max(part, 0), rays.origin[2]) + 1;
  const touched = slabs.filter(({ from, to }) => from <= most && to >= least);
  return touched.length > 0 ? touched : slabs.slice(0, 1);
}

/** In float32. */
export function slabBytes(
  { size }: Pick<SharedVolume, "size">,
  { firstSlice, lastSlice }: VolumeSlab,
): number {
  return size[0] * size[1] * (lastSlice - firstSlice + 1) * Float32Array.BYTES_PER_ELEMENT;
}

/** The kernels' arguments for it. */
export function slabArguments({ firstSlice, lastSlice, from, to }: VolumeSlab): number[] {
  return [firstSlice, lastSlice, from, to];
}
