/** Runs one task tile by tile and puts the plane together, in real-world values. */
import type { RayTask } from "./ray-task.ts";
import { tileColumns, tileRows, type TileKernel } from "./resident-kernels.ts";
import { outsideLimit } from "./sampling-rules.ts";

export async function computePlane(kernel: TileKernel, task: RayTask): Promise<Float32Array<ArrayBuffer>> {
  const values = new Float32Array(task.columns * task.rows);
  for (let row = 0; row < task.rows; row += tileRows) {
    for (let column = 0; column < task.columns; column += tileColumns) {
      const tile = await kernel(...tileArguments(task, column, row));
      copyTile(tile, task, column, row, values);
    }
  }
  return values;
}

/** Each tile starts from an origin computed in float64, so that float32 only carries the offset within the tile. */
function tileArguments(task: RayTask, column: number, row: number): number[] {
  const { origin, right, down, along } = task;
  const at = (axis: 0 | 1 | 2) => origin[axis] + column * right[axis] + row * down[axis];
  const columns = Math.min(tileColumns, task.columns - column);
  const rows = Math.min(tileRows, task.rows - row);
  return [at(0), at(1), at(2), ...right, ...down, columns, rows, ...along, task.steps, task.mode];
}

function copyTile(
  tile: Float32Array[],
  task: RayTask,
  column: number,
  row: number,
  values: Float32Array,
): void {
  const columns = Math.min(tileColumns, task.columns - column);
  const rows = Math.min(tileRows, task.rows - row);
  for (let y = 0; y < rows; y++) {
    const line = tile[y]!;
    let target = (row + y) * task.columns + column;
    for (let x = 0; x < columns; x++) {
      const stored = line[x]!;
      values[target++] = stored < outsideLimit ? Number.NaN : stored * task.slope + task.intercept;
    }
  }
}
