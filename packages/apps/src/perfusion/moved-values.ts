/** Values of voxels where the head has moved to: between the pixels of their slice. */
import { length } from "@releve/domain/vec3";
import type { Volume } from "@releve/domain/volume";
import { realValues } from "../real-values.ts";
import { still, type Motion } from "./head-motion.ts";

/** NaN where a pixel around the place was not measured, or lies outside the picture. @param voxels by index in the grid */
export function movedValues(volume: Volume, voxels: Int32Array, motion: Motion): Float32Array {
  if (motion === still) return realValues(volume, voxels);
  const { columns, rows, columnStepLps, rowStepLps } = volume.geometry;
  const all = realValues(volume);
  const pixelMm = [length(columnStepLps), length(rowStepLps)] as const;
  const middle = [(columns - 1) / 2, (rows - 1) / 2] as const;
  const [sine, cosine] = [Math.sin(motion.radians), Math.cos(motion.radians)];
  return Float32Array.from(voxels, (voxel) => {
    const inSlice = voxel % (columns * rows);
    const x = ((inSlice % columns) - middle[0]) * pixelMm[0];
    const y = (Math.floor(inSlice / columns) - middle[1]) * pixelMm[1];
    const column = (x * cosine - y * sine + motion.alongRowMm) / pixelMm[0] + middle[0];
    const row = (x * sine + y * cosine + motion.alongColumnMm) / pixelMm[1] + middle[1];
    return between(all, voxel - inSlice, [columns, rows], column, row);
  });
}

function between(
  values: Float32Array,
  sliceStart: number,
  [columns, rows]: readonly [number, number],
  column: number,
  row: number,
): number {
  if (!(column >= 0 && row >= 0 && column <= columns - 1 && row <= rows - 1)) return Number.NaN;
  const left = Math.min(Math.floor(column), Math.max(0, columns - 2));
  const top = Math.min(Math.floor(row), Math.max(0, rows - 2));
  const [u, v] = [column - left, row - top];
  const start = sliceStart + top * columns + left;
  const [right, below] = [columns > 1 ? 1 : 0, rows > 1 ? columns : 0];
  const upper = values[start]! * (1 - u) + values[start + right]! * u;
  const lower = values[start + below]! * (1 - u) + values[start + below + right]! * u;
  return upper * (1 - v) + lower * v;
}
