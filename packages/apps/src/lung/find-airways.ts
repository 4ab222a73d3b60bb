/**
 * The trachea and the bronchi that leave it, as far as their walls part them from the lung: air whose cross-sections in axial
 * slices are small, hanging together over a length that no tip of a lung has.
 */
import { componentBoxes, type VoxelBox } from "../regions/component-boxes.ts";
import { labelComponents, type GridSize } from "../regions/label-components.ts";
import { forEachSlice, slicePart } from "../regions/slice-parts.ts";

export type AirwayScale = {
  readonly pixelMm2: number;
  readonly sliceMm: number;
  /** The last slice is nearer to the head than the first one. */
  readonly headLast: boolean;
};

/** A trachea is up to 27 mm wide (Breatnach, AJR 1984;142:903); where it forks, it is twice that. */
const sectionMaxMm2 = 800;
const lengthMinMm = 40;

/** A mask of them, or undefined where none is found. @param air within the body, as `clearOuterAir` leaves it */
export function findAirways(air: Uint8Array, size: GridSize, scale: AirwayScale): Uint8Array | undefined {
  const narrow = narrowAir(air, size, sectionMaxMm2 / scale.pixelMm2);
  const found = labelComponents(narrow, size, 6);
  const boxes = componentBoxes(found, size);
  const airSlices = slicesWith(air, size);
  const like = boxes.flatMap((box, label) =>
    label > 0 && isLikeTrachea(box, size, airSlices, scale) ? [label] : [],
  );
  const [largest] = like.toSorted((a, b) => found.voxelCounts[b]! - found.voxelCounts[a]!);
  if (largest === undefined) return undefined;
  for (let voxel = 0; voxel < narrow.length; voxel++) narrow[voxel] = +(found.labels[voxel] === largest);
  return narrow;
}

function narrowAir(air: Uint8Array, size: GridSize, pixelsMax: number): Uint8Array {
  const narrow = new Uint8Array(air.length);
  forEachSlice(air, size, ({ labels, voxelCounts }, slice) => {
    const part = slicePart(narrow, size, slice);
    for (let pixel = 0; pixel < part.length; pixel++)
      part[pixel] = +(labels[pixel]! > 0 && voxelCounts[labels[pixel]!]! <= pixelsMax);
  });
  return narrow;
}

/** Long, begun in the half of the air that is nearer to the head, and not through the whole scan, as a tube or the table is. */
function isLikeTrachea(
  { low, high }: VoxelBox,
  [, , slices]: GridSize,
  [first, last]: readonly [number, number],
  { sliceMm, headLast }: AirwayScale,
): boolean {
  const middle = (first + last) / 2;
  const headEnd = headLast ? high[2] >= middle : low[2] <= middle;
  const through = low[2] === 0 && high[2] === slices - 1;
  return headEnd && !through && (high[2] - low[2] + 1) * sliceMm >= lengthMinMm;
}

function slicesWith(mask: Uint8Array, size: GridSize): readonly [number, number] {
  const slices = Array.from({ length: size[2] }, (_, slice) => slicePart(mask, size, slice).includes(1));
  return [slices.indexOf(true), slices.lastIndexOf(true)];
}
