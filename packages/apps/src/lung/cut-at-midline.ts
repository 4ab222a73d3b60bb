/**
 * Parts lungs that touch, in front of the heart or behind it: in each slice the path from the front to the back, near the
 * middle, that leads through the least and densest lung (Hu, Hoffman and Reinhardt, IEEE Trans Med Imaging 2001;20:490).
 */
import type { GridSize } from "../regions/label-components.ts";
import { slicePart } from "../regions/slice-parts.ts";
import { tissueClass } from "./density-bounds.ts";

export type MidlineBand = {
  readonly middle: number;
  /** Columns to either side of the middle that the path may take. */
  readonly reach: number;
};

/** No path through lung is so long that a column to the side costs as much as one voxel of the densest lung. */
const costPerColumn = 1e-4;

/** What of component `label` lies before the path (low) and from it on (high). */
export function cutAtMidline(
  labels: Int32Array,
  label: number,
  classes: Uint8Array,
  size: GridSize,
  band: MidlineBand,
): { readonly low: Uint8Array; readonly high: Uint8Array } {
  const [columns, rows, slices] = size;
  const low = new Uint8Array(labels.length);
  const high = new Uint8Array(labels.length);
  for (let slice = 0; slice < slices; slice++) {
    const start = slice * columns * rows;
    const part = labels.subarray(start, start + columns * rows);
    if (!part.includes(label)) continue;
    const path = cheapestPath(part, label, slicePart(classes, size, slice), columns, band);
    for (let pixel = 0; pixel < part.length; pixel++)
      if (part[pixel] === label)
        (pixel % columns < path[Math.floor(pixel / columns)]! ? low : high)[start + pixel] = 1;
  }
  return { low, high };
}

/** Per row the path's column; from row to row it moves by one column at most. */
function cheapestPath(
  labels: Int32Array,
  label: number,
  classes: Uint8Array,
  columns: number,
  { middle, reach }: MidlineBand,
): Int32Array {
  const first = Math.max(0, Math.floor(middle - reach));
  const width = Math.min(columns - 1, Math.ceil(middle + reach)) - first + 1;
  const rows = labels.length / columns;
  const costAt = (row: number, at: number) => {
    const pixel = row * columns + first + at;
    const lung = labels[pixel] === label ? 1 + Math.max(0, tissueClass - classes[pixel]!) : 0;
    return lung + Math.abs(first + at - middle) * costPerColumn;
  };
  const cost = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++)
    for (let at = 0; at < width; at++)
      cost[row * width + at] =
        costAt(row, at) + (row > 0 ? cost[cheapestNear(cost, row - 1, at, width)]! : 0);
  const path = new Int32Array(rows);
  let at = cheapestNear(cost, rows - 1, Math.floor(width / 2), width, width) % width;
  for (let row = rows - 1; row >= 0; row--) {
    path[row] = first + at;
    if (row > 0) at = cheapestNear(cost, row - 1, at, width) % width;
  }
  return path;
}

/** Index of the cheapest entry of a row within `reach` of `at`. */
function cheapestNear(cost: Float64Array, row: number, at: number, width: number, reach = 1): number {
  let best = row * width + at;
  const last = Math.min(width - 1, at + reach);
  for (let near = Math.max(0, at - reach); near <= last; near++)
    if (cost[row * width + near]! < cost[best]!) best = row * width + near;
  return best;
}
