/** The box around a volume's voxel centres, along any three axes. */
import { dot, scale, add, type Vec3 } from "@releve/domain/vec3";
import { voxelToLps, type GridGeometry } from "@releve/domain/volume";
import type { Orientation } from "./orientation.ts";

/** Along row, column and normal, mm from the frame's origin. */
export type Box = { readonly low: Vec3; readonly high: Vec3 };

export function boxAround(grid: GridGeometry, { row, column, normal }: Orientation): Box {
  const corners = cornersLps(grid);
  const reach = (axis: Vec3) => corners.map((corner) => dot(corner, axis));
  const reaches = [reach(row), reach(column), reach(normal)] as const;
  return {
    low: [Math.min(...reaches[0]), Math.min(...reaches[1]), Math.min(...reaches[2])],
    high: [Math.max(...reaches[0]), Math.max(...reaches[1]), Math.max(...reaches[2])],
  };
}

/** The point at these distances along the orientation's axes, LPS mm. */
export function pointAlong(orientation: Orientation, [alongRow, alongColumn, alongNormal]: Vec3): Vec3 {
  const inPlane = add(scale(orientation.row, alongRow), scale(orientation.column, alongColumn));
  return add(inPlane, scale(orientation.normal, alongNormal));
}

export function cornersLps(grid: GridGeometry): readonly Vec3[] {
  const ends = [0, 1];
  return ends.flatMap((x) =>
    ends.flatMap((y) =>
      ends.map((z) => voxelToLps(grid, x * (grid.columns - 1), y * (grid.rows - 1), z * (grid.slices - 1))),
    ),
  );
}
