/** Runs one task tile by tile and puts the plane together, in real-world values. */
import type { RayTask } from "./ray-task.ts";
import type { BuiltKernel } from "./engine.ts";
import { outsideLimit } from "./sampling-rules.ts";
import { placeTile, tileArguments, tilesOf } from "./tiles.ts";

export async function computePlane(kernel: BuiltKernel, task: RayTask): Promise<Float32Array<ArrayBuffer>> {
  const values = new Float32Array(task.columns * task.rows);
  for (const tile of tilesOf(task)) {
    const output = await kernel(...tileArguments(task, tile), ...task.along, task.steps, task.mode);
    placeTile(output, tile, task.columns, values);
  }
  for (let index = 0; index < values.length; index++) {
    const stored = values[index]!;
    values[index] = stored < outsideLimit ? Number.NaN : stored * task.slope + task.intercept;
  }
  return values;
}
