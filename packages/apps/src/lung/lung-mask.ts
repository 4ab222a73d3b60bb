/** The lungs of a chest CT, found without help: air within the body, without airways, left and right, with what they enclose. */
import { cross, length } from "@releve/domain/vec3";
import type { GridGeometry } from "@releve/domain/volume";
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import { sliceSpacingMm, voxelVolumeMl } from "../geometry/grid-facts.ts";
import { unmeasured } from "../regions/classify-voxels.ts";
import type { GridSize } from "../regions/label-components.ts";
import { slicePart } from "../regions/slice-parts.ts";
import { tissueClass } from "./density-bounds.ts";
import { fillHoles } from "./fill-holes.ts";
import { findAirways } from "./find-airways.ts";
import { clearOuterAir } from "./inner-air.ts";
import { partLungs } from "./part-lungs.ts";

export type Lungs = {
  readonly left: Uint8Array;
  readonly right: Uint8Array;
  /** What a reader must know of how they were found. */
  readonly remarks: readonly string[];
};

/** @param classes by `densityBoundsHu` */
export function findLungs(classes: Uint8Array, grid: GridGeometry): Lungs | Refusal {
  const size: GridSize = [grid.columns, grid.rows, grid.slices];
  const air = classes.map((value) => +(value < tissueClass || value === unmeasured));
  clearOuterAir(air, size);
  const airways = findAirways(air, size, {
    pixelMm2: length(cross(grid.columnStepLps, grid.rowStepLps)),
    sliceMm: sliceSpacingMm(grid),
    headLast: grid.sliceStepLps[2] > 0,
  });
  if (airways) for (let voxel = 0; voxel < air.length; voxel++) if (airways[voxel]) air[voxel] = 0;
  const pair = partLungs(air, classes, size, voxelVolumeMl(grid));
  if (isRefusal(pair)) return pair;
  const { low, high } = pair;
  fillHoles(low, size, (voxel) => high[voxel] === 1 || airways?.[voxel] === 1);
  fillHoles(high, size, (voxel) => low[voxel] === 1 || airways?.[voxel] === 1);
  const leftIsHigh = grid.columnStepLps[0] > 0;
  return {
    left: leftIsHigh ? high : low,
    right: leftIsHigh ? low : high,
    remarks: [
      ...(airways ? [] : ["No trachea was found: its air, if it is in the scan, counts as lung."]),
      ...(pair.leftOutMl > 0
        ? [
            `${pair.leftOutMl.toFixed(0)} ml of other air within the body (bowel, or a part cut off from its lung) are left out.`,
          ]
        : []),
      ...cutOffRemarks([low, high], size),
    ],
  };
}

function cutOffRemarks(lungs: readonly Uint8Array[], size: GridSize): readonly string[] {
  const reaches = (slice: number) => lungs.some((lung) => slicePart(lung, size, slice).includes(1));
  const ends = [...(reaches(0) ? ["first"] : []), ...(reaches(size[2] - 1) ? ["last"] : [])];
  return ends.map(
    (end) => `A lung reaches the ${end} slice: it is cut off there, and volumes are of what is in the scan.`,
  );
}
