/**
 * Connected components of a mask, in two passes over a union-find that lives in the labels themselves: a voxel's entry is the
 * index of an earlier voxel of its component, or its own index. Because parents always come earlier, the second pass can
 * replace indices by labels in place. Memory: 4 bytes per voxel, whatever the mask looks like.
 */

/**
 * Voxels that touch: 4 (edges) and 8 (corners too) within a slice, every slice for itself; 6 (faces), 18 (edges too) and
 * 26 (corners too) through the volume.
 */
export type Connectivity = 4 | 8 | 6 | 18 | 26;

/** Columns, rows, slices: voxels lie in [slice][row][column] order. */
export type GridSize = readonly [columns: number, rows: number, slices: number];

export type Components = {
  /** 0 outside the mask; components are numbered from 1 in the order of their first voxels. */
  readonly labels: Int32Array;
  readonly count: number;
  /** By label; at 0 the voxels outside the mask. */
  readonly voxelCounts: Uint32Array;
};

/** @throws RangeError where the mask does not fit the size, or has more than 2^31 - 1 voxels. */
export function labelComponents(mask: Uint8Array, size: GridSize, connectivity: Connectivity): Components {
  const [columns, rows, slices] = size;
  const length = columns * rows * slices;
  if (mask.length !== length) throw new RangeError(`${mask.length} mask values for ${length} voxels`);
  if (length > 0x7fffffff) throw new RangeError(`${length} voxels cannot be numbered in 32 bits`);
  const labels = new Int32Array(length);
  for (let slice = 0; slice < slices; slice++)
    for (let row = 0; row < rows; row++) joinRow(mask, labels, size, row, slice, connectivity);
  return numbered(mask, labels);
}

/** A row that was visited before and touches this one; `diagonal` where its voxels beside the opposite one touch too. */
type EarlierRow = { readonly row: number; readonly slice: number; readonly diagonal: boolean };

const earlierRows: Readonly<Record<Connectivity, readonly EarlierRow[]>> = {
  4: [{ row: -1, slice: 0, diagonal: false }],
  8: [{ row: -1, slice: 0, diagonal: true }],
  6: [
    { row: -1, slice: 0, diagonal: false },
    { row: 0, slice: -1, diagonal: false },
  ],
  18: [
    { row: -1, slice: 0, diagonal: true },
    { row: -1, slice: -1, diagonal: false },
    { row: 0, slice: -1, diagonal: true },
    { row: 1, slice: -1, diagonal: false },
  ],
  26: [
    { row: -1, slice: 0, diagonal: true },
    { row: -1, slice: -1, diagonal: true },
    { row: 0, slice: -1, diagonal: true },
    { row: 1, slice: -1, diagonal: true },
  ],
};

function joinRow(
  mask: Uint8Array,
  labels: Int32Array,
  [columns, rows]: GridSize,
  row: number,
  slice: number,
  connectivity: Connectivity,
): void {
  const start = (slice * rows + row) * columns;
  for (let index = start; index < start + columns; index++)
    if (mask[index]) labels[index] = index > start && mask[index - 1] ? labels[index - 1]! : index;
  for (const earlier of earlierRows[connectivity]) {
    if (row + earlier.row < 0 || row + earlier.row >= rows || slice + earlier.slice < 0) continue;
    const other = start + (earlier.slice * rows + earlier.row) * columns;
    if (earlier.diagonal) joinDiagonally(mask, labels, start, other, columns);
    else joinOpposite(mask, labels, start, other, columns);
  }
}

/** Once per stretch in which both rows are set. */
function joinOpposite(
  mask: Uint8Array,
  labels: Int32Array,
  start: number,
  other: number,
  columns: number,
): void {
  let joined = false;
  for (let column = 0; column < columns; column++) {
    const touches = mask[start + column]! !== 0 && mask[other + column]! !== 0;
    if (touches && !joined) join(labels, start + column, other + column);
    joined = touches;
  }
}

/** The neighbours of the opposite voxel hang together through it where it is set, so it alone is joined then. */
function joinDiagonally(
  mask: Uint8Array,
  labels: Int32Array,
  start: number,
  other: number,
  columns: number,
): void {
  for (let column = 0; column < columns; column++) {
    if (!mask[start + column]) continue;
    const inRun = column > 0 && mask[start + column - 1];
    if (mask[other + column]) {
      if (!inRun) join(labels, start + column, other + column);
      continue;
    }
    if (!inRun && column > 0 && mask[other + column - 1]) join(labels, start + column, other + column - 1);
    if (column + 1 < columns && mask[other + column + 1]) join(labels, start + column, other + column + 1);
  }
}

function join(labels: Int32Array, a: number, b: number): void {
  const rootA = rootOf(labels, a);
  const rootB = rootOf(labels, b);
  if (rootA < rootB) labels[rootB] = rootA;
  else labels[rootA] = rootB;
}

/** Halves the path on the way up, so that later searches are short. */
function rootOf(labels: Int32Array, index: number): number {
  let at = index;
  for (let parent = labels[at]!; parent !== at; parent = labels[at]!) {
    const grandparent = labels[parent]!;
    labels[at] = grandparent;
    at = grandparent;
  }
  return at;
}

function numbered(mask: Uint8Array, labels: Int32Array): Components {
  let count = 0;
  for (let index = 0; index < labels.length; index++) {
    if (!mask[index]) continue;
    const parent = labels[index]!;
    labels[index] = parent === index ? ++count : labels[parent]!;
  }
  const voxelCounts = new Uint32Array(count + 1);
  for (const label of labels) voxelCounts[label]!++;
  return { labels, count, voxelCounts };
}
