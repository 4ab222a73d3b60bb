/** Which voxels' centres lie in a sphere or a box of the patient. */
import { voxelToLps, type GridGeometry } from "@releve/domain/volume";
import type { Vec3 } from "@releve/domain/vec3";
import type { RegionShape } from "./region-shape.ts";

/** One byte per voxel in [slice][row][column] order, 1 inside. Faces and surface belong to it. */
export function shapeMask(grid: GridGeometry, shape: RegionShape): Uint8Array {
  const { columns, rows, slices } = grid;
  const mask = new Uint8Array(columns * rows * slices);
  if (shape.shape === "volume") return mask.fill(1);
  const inside = shape.shape === "sphere" ? inSphere(shape) : inBox(shape);
  const [dx, dy, dz] = grid.columnStepLps;
  let at = 0;
  for (let slice = 0; slice < slices; slice++)
    for (let row = 0; row < rows; row++) {
      const [x, y, z] = voxelToLps(grid, 0, row, slice);
      for (let column = 0; column < columns; column++, at++)
        if (inside(x + column * dx, y + column * dy, z + column * dz)) mask[at] = 1;
    }
  return mask;
}

type Inside = (x: number, y: number, z: number) => boolean;

function inSphere({
  centerLps: [cx, cy, cz],
  radiusMm,
}: {
  readonly centerLps: Vec3;
  readonly radiusMm: number;
}): Inside {
  return (x, y, z) => (x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2 <= radiusMm ** 2;
}

function inBox({ lowLps: low, highLps: high }: { readonly lowLps: Vec3; readonly highLps: Vec3 }): Inside {
  return (x, y, z) =>
    x >= low[0] && x <= high[0] && y >= low[1] && y <= high[1] && z >= low[2] && z <= high[2];
}
