/** Renders one view tile by tile: the colours, then the opacities, as the kernel packs them. */
import { Input } from "gpu.js";
import { renderParts } from "./kernels/render-rays.ts";
import { clipPlanesMax, lookPointsMax, type RenderTask } from "./render-task.ts";
import type { BuiltKernel } from "./engine.ts";
import { placeTile, tileArguments, tilesOf, type Tile } from "./tiles.ts";

export async function computeView(
  kernel: BuiltKernel,
  task: RenderTask,
): Promise<Float32Array<ArrayBuffer>[]> {
  const parts = [renderParts.colour, renderParts.opacity];
  const planes = parts.map(() => new Float32Array(task.columns * task.rows));
  const look = table(task.look, 5, lookPointsMax);
  const light = table([task.light], task.light.length, 1);
  for (const tile of tilesOf(task)) {
    const rays = [...tileArguments(task, tile), ...task.along, task.steps];
    const clip = table(clipOf(task, tile), 4, clipPlanesMax);
    for (const [index, part] of parts.entries()) {
      const output = await kernel(...rays, part, task.clip.length, clip, task.look.length, look, light);
      placeTile(output, tile, task.columns, planes[index]!);
    }
  }
  return planes;
}

/** The distances where the tile's first ray begins, in float64. */
function clipOf({ clip }: RenderTask, { column, row }: Tile): number[][] {
  return clip.map(([begin, right, down, along]) => [begin + column * right + row * down, right, down, along]);
}

/** Always of the size that is compiled into the kernel. */
function table(rows: readonly (readonly number[])[], columns: number, rowsMax: number): Input {
  const values = new Float32Array(columns * rowsMax);
  for (const [index, row] of rows.entries()) values.set(row, index * columns);
  return new Input(values as never, [columns, rowsMax]);
}
