/** The planes that a volume was acquired in: results that are computed voxel by voxel lie there, without resampling. */
import type { DerivedImage } from "@releve/dicom/derived/derived-series";
import type { VolumePlan } from "@releve/domain/series-split";
import { length, subtract } from "@releve/domain/vec3";
import { voxelToLps, type GridGeometry, type PlaneGeometry } from "@releve/domain/volume";

/** One per slice, in the volume's order; where the steps are uneven, each where it really lies. */
export function ownSlices({ geometry, slicePositionsLps }: VolumePlan): readonly PlaneGeometry[] {
  const { columns, rows, columnStepLps, rowStepLps } = geometry;
  return Array.from({ length: geometry.slices }, (_, slice) => ({
    columns,
    rows,
    originLps: slicePositionsLps?.[slice] ?? voxelToLps(geometry, 0, 0, slice),
    columnStepLps,
    rowStepLps,
  }));
}

/** @param values of all voxels, in [slice][row][column] order. */
export function imagesOnOwnSlices(
  plan: VolumePlan,
  values: Float32Array,
  thicknessMm: number,
): readonly DerivedImage[] {
  const inSlice = plan.geometry.columns * plan.geometry.rows;
  return ownSlices(plan).map((geometry, slice) => ({
    geometry,
    thicknessMm,
    values: values.slice(slice * inSlice, (slice + 1) * inSlice),
  }));
}

/** Positions are written with few decimals: two grids whose ends lie this near are one. */
const sameMm = 0.01;

/** How two grids differ, in words for a person, or undefined where they are the same one. */
export function gridDifference(a: VolumePlan, b: VolumePlan): string | undefined {
  if (a.frameOfReferenceUid !== b.frameOfReferenceUid) return "they have different frames of reference";
  const size = ({ columns, rows, slices }: GridGeometry) => `${columns} x ${rows} x ${slices}`;
  if (size(a.geometry) !== size(b.geometry))
    return `one has ${size(a.geometry)} voxels, one ${size(b.geometry)}`;
  const cornersOf = (plan: VolumePlan) =>
    ownSlices(plan).flatMap((plane) => [
      plane.originLps,
      voxelToLps({ ...plan.geometry, originLps: plane.originLps }, plane.columns - 1, 0, 0),
      voxelToLps({ ...plan.geometry, originLps: plane.originLps }, 0, plane.rows - 1, 0),
    ]);
  const others = cornersOf(b);
  const apartMm = Math.max(...cornersOf(a).map((corner, index) => length(subtract(corner, others[index]!))));
  return apartMm <= sameMm ? undefined : `their voxels lie up to ${apartMm.toFixed(2)} mm apart`;
}
