/** Takes into a lung what it encloses within a slice: vessels, bronchial walls, nodules. */
import { labelComponents, type GridSize } from "../regions/label-components.ts";
import { slicePart } from "../regions/slice-parts.ts";

/** In place. @param keep voxels that stay outside: airways, and the other lung */
export function fillHoles(lung: Uint8Array, size: GridSize, keep: (voxel: number) => boolean): void {
  const [columns, rows, slices] = size;
  for (let slice = 0; slice < slices; slice++) {
    const part = slicePart(lung, size, slice);
    if (!part.includes(1)) continue;
    const { labels, count } = labelComponents(
      part.map((inside) => 1 - inside),
      [columns, rows, 1],
      4,
    );
    const open = new Uint8Array(count + 1);
    const reach = (pixel: number) => (open[labels[pixel]!] = 1);
    for (let column = 0; column < columns; column++) {
      reach(column);
      reach((rows - 1) * columns + column);
    }
    for (let row = 0; row < rows; row++) {
      reach(row * columns);
      reach(row * columns + columns - 1);
    }
    const start = slice * columns * rows;
    for (let pixel = 0; pixel < part.length; pixel++)
      if (!open[labels[pixel]!] && !part[pixel] && !keep(start + pixel)) part[pixel] = 1;
  }
}
