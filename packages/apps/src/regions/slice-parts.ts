/** Visits a volume's slices as parts of one array: two-dimensional steps need no copy of the volume. */
import { labelComponents, type Components, type GridSize } from "./label-components.ts";

export const slicePart = (values: Uint8Array, [columns, rows]: GridSize, slice: number): Uint8Array =>
  values.subarray(slice * columns * rows, (slice + 1) * columns * rows);

/** Components of each slice by themselves, over edges only; slices without any are skipped. */
export function forEachSlice(
  mask: Uint8Array,
  size: GridSize,
  visit: (found: Components, slice: number) => void,
): void {
  const [columns, rows, slices] = size;
  for (let slice = 0; slice < slices; slice++) {
    const part = slicePart(mask, size, slice);
    if (part.includes(1)) visit(labelComponents(part, [columns, rows, 1], 4), slice);
  }
}
