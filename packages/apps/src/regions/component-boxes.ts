/** Where the components of a volume lie: the box of voxels around each, ends included. */
import type { Components, GridSize } from "./label-components.ts";

export type VoxelBox = {
  readonly low: readonly [column: number, row: number, slice: number];
  readonly high: readonly [column: number, row: number, slice: number];
};

/** By label; at 0, where nothing is asked, an empty box. */
export function componentBoxes(
  { labels, count }: Components,
  [columns, rows]: GridSize,
): readonly VoxelBox[] {
  const low = Array.from({ length: 3 }, () => new Int32Array(count + 1).fill(0x7fffffff));
  const high = Array.from({ length: 3 }, () => new Int32Array(count + 1).fill(-1));
  const include = (label: number, axis: number, at: number) => {
    if (at < low[axis]![label]!) low[axis]![label] = at;
    if (at > high[axis]![label]!) high[axis]![label] = at;
  };
  for (let start = 0; start < labels.length; start += columns)
    for (let column = 0; column < columns; column++) {
      const label = labels[start + column]!;
      if (label === 0) continue;
      include(label, 0, column);
      include(label, 1, (start / columns) % rows);
      include(label, 2, Math.floor(start / columns / rows));
    }
  const corner = (of: readonly Int32Array[], label: number) =>
    [of[0]![label]!, of[1]![label]!, of[2]![label]!] as const;
  return Array.from({ length: count + 1 }, (_, label) => ({
    low: corner(low, label),
    high: corner(high, label),
  }));
}
