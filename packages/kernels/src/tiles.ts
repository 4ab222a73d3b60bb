/** A plane of pixels in tiles of the kernels' output size: each starts from an origin computed in float64. */
import type { Vec3 } from "@releve/domain/vec3";

/** Every kernel computes tiles of this size, so that it is compiled, and the volume uploaded, once. */
export const tileColumns = 256;
export const tileRows = 128;

export type Tile = {
  /** The tile's first pixel within the plane, and how many pixels of the plane it holds. */
  readonly column: number;
  readonly row: number;
  readonly columns: number;
  readonly rows: number;
};

type Pixels = { readonly columns: number; readonly rows: number };
type Rays = Pixels & { readonly origin: Vec3; readonly right: Vec3; readonly down: Vec3 };

export function tilesOf({ columns, rows }: Pixels): Tile[] {
  const tiles: Tile[] = [];
  for (let row = 0; row < rows; row += tileRows)
    for (let column = 0; column < columns; column += tileColumns)
      tiles.push({
        column,
        row,
        columns: Math.min(tileColumns, columns - column),
        rows: Math.min(tileRows, rows - row),
      });
  return tiles;
}

/** The first arguments of both kernels. Float32 only carries the offset within the tile. */
export function tileArguments({ origin, right, down }: Rays, tile: Tile): number[] {
  const at = (axis: 0 | 1 | 2) => origin[axis] + tile.column * right[axis] + tile.row * down[axis];
  return [at(0), at(1), at(2), ...right, ...down, tile.columns, tile.rows];
}

/** Copies the tile's part of the kernel's output to its place in the plane. */
export function placeTile(
  output: readonly Float32Array[],
  tile: Tile,
  planeColumns: number,
  values: Float32Array,
): void {
  for (let row = 0; row < tile.rows; row++)
    values.set(output[row]!.subarray(0, tile.columns), (tile.row + row) * planeColumns + tile.column);
}
