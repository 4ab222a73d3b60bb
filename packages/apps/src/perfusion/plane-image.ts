/** Slices as pictures in the plane: smaller ones by averaging pixels, and values between pixels with how they change. */
import type { GridGeometry } from "@releve/domain/volume";
import { length } from "@releve/domain/vec3";

export type PlaneImage = {
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  readonly values: Float32Array;
  readonly pixelMm: readonly [column: number, row: number];
  /** The picture's middle, in pixels of this image: the same place at every size. */
  readonly middle: readonly [column: number, row: number];
};

export function planeImage(values: Float32Array, grid: GridGeometry): PlaneImage {
  const { columns, rows, slices, columnStepLps, rowStepLps } = grid;
  return {
    columns,
    rows,
    slices,
    values,
    pixelMm: [length(columnStepLps), length(rowStepLps)],
    middle: [(columns - 1) / 2, (rows - 1) / 2],
  };
}

/** Means of `factor` times `factor` pixels; what is left over at the far sides is dropped. */
export function shrunk(image: PlaneImage, factor: number): PlaneImage {
  if (factor === 1) return image;
  const { slices, values } = image;
  const [columns, rows] = [Math.floor(image.columns / factor), Math.floor(image.rows / factor)];
  const small = new Float32Array(columns * rows * slices);
  for (let slice = 0; slice < slices; slice++)
    for (let row = 0; row < rows * factor; row++) {
      let from = (slice * image.rows + row) * image.columns;
      const to = (slice * rows + Math.floor(row / factor)) * columns;
      for (let column = 0; column < columns; column++) {
        let sum = 0;
        for (const end = from + factor; from < end; from++) sum += values[from]!;
        small[to + column]! += sum;
      }
    }
  const share = 1 / (factor * factor);
  for (let at = 0; at < small.length; at++) small[at]! *= share;
  const middle = (before: number) => (before - (factor - 1) / 2) / factor;
  return {
    columns,
    rows,
    slices,
    values: small,
    pixelMm: [image.pixelMm[0] * factor, image.pixelMm[1] * factor],
    middle: [middle(image.middle[0]), middle(image.middle[1])],
  };
}

/** Bilinear; NaN at the border, where a slope could not be told. @param x, y from the middle, mm */
export function valueAt(image: PlaneImage, x: number, y: number, slice: number): number {
  const column = x / image.pixelMm[0] + image.middle[0];
  const row = y / image.pixelMm[1] + image.middle[1];
  return isWithin(image, column, row) ? between(image, column, row, slice) : Number.NaN;
}

export type ValueAndSlope = { readonly value: number; readonly alongX: number; readonly alongY: number };

/** The same, with the slope per mm over a pixel. */
export function valueAndSlope(
  image: PlaneImage,
  x: number,
  y: number,
  slice: number,
): ValueAndSlope | undefined {
  const { pixelMm, middle } = image;
  const column = x / pixelMm[0] + middle[0];
  const row = y / pixelMm[1] + middle[1];
  if (!isWithin(image, column, row)) return undefined;
  const at = (dx: number, dy: number) => between(image, column + dx, row + dy, slice);
  return {
    value: at(0, 0),
    alongX: (at(0.5, 0) - at(-0.5, 0)) / pixelMm[0],
    alongY: (at(0, 0.5) - at(0, -0.5)) / pixelMm[1],
  };
}

const isWithin = ({ columns, rows }: PlaneImage, column: number, row: number): boolean =>
  column >= 1 && row >= 1 && column <= columns - 2 && row <= rows - 2;

function between({ columns, rows, values }: PlaneImage, column: number, row: number, slice: number): number {
  const left = Math.min(Math.floor(column), columns - 2);
  const top = Math.min(Math.floor(row), rows - 2);
  const [u, v] = [column - left, row - top];
  const start = (slice * rows + top) * columns + left;
  const upper = values[start]! * (1 - u) + values[start + 1]! * u;
  const lower = values[start + columns]! * (1 - u) + values[start + columns + 1]! * u;
  return upper * (1 - v) + lower * v;
}

/** Each pixel with its eight neighbours, by (1 2 1) / 4 both ways: what lies between pixels is then as sharp as what lies on them. */
export function softened(image: PlaneImage): PlaneImage {
  const { columns, rows, slices, values } = image;
  const along = new Float32Array(values.length);
  const soft = new Float32Array(values.length);
  for (let line = 0; line < rows * slices; line++)
    for (let column = 0; column < columns; column++) {
      const at = line * columns + column;
      const [left, right] = [at - (column > 0 ? 1 : 0), at + (column < columns - 1 ? 1 : 0)];
      along[at] = (values[left]! + 2 * values[at]! + values[right]!) / 4;
    }
  for (let line = 0; line < rows * slices; line++) {
    const row = line % rows;
    const [above, below] = [row > 0 ? columns : 0, row < rows - 1 ? columns : 0];
    for (let at = line * columns; at < (line + 1) * columns; at++)
      soft[at] = (along[at - above]! + 2 * along[at]! + along[at + below]!) / 4;
  }
  return { ...image, values: soft };
}
