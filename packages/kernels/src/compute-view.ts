/** Renders one view tile by tile: the colours, then the opacities, as `unpackView` takes them. */
import { Input } from "gpu.js";
import type { Computed } from "./compute-plane.ts";
import { compositeSlabs } from "./composite-slabs.ts";
import type { BuiltKernel } from "./engine.ts";
import { renderParts } from "./kernels/render-rays.ts";
import { clipPlanesMax, lookPointsMax, type RenderTask } from "./render-task.ts";
import type { SlabbedVolume } from "./resident-kernels.ts";
import { placeTile, tileArguments, tilesOf, type Tile } from "./tiles.ts";
import { slabArguments, touchedSlabs, type VolumeSlab } from "./volume-slabs.ts";

export async function computeView(volume: SlabbedVolume, task: RenderTask): Promise<Computed> {
  const slabs = touchedSlabs(volume.slabs, task);
  // Front to back: along the ray, or against it.
  const inOrder = task.along[2] > 0 ? slabs : slabs.toReversed();
  let kernel = await volume.kernelFor(inOrder[0]!);
  if (slabs.length === 1) return { values: await renderSlab(kernel, slabs[0]!, task, wholeParts), kernel };
  const values = await compositeSlabs(
    inOrder,
    task.columns * task.rows,
    task.light.slice(6, 9),
    async (slab) => {
      kernel = await volume.kernelFor(slab);
      return renderSlab(kernel, slab, task, slabParts);
    },
  );
  return { values, kernel };
}

const wholeParts = [renderParts.colour, renderParts.opacity];
const slabParts = [renderParts.red, renderParts.green, renderParts.blue, renderParts.transmittance];

async function renderSlab(
  kernel: BuiltKernel,
  slab: VolumeSlab,
  task: RenderTask,
  parts: readonly number[],
): Promise<Float32Array<ArrayBuffer>[]> {
  const planes = parts.map(() => new Float32Array(task.columns * task.rows));
  const look = table(task.look, 5, lookPointsMax);
  const light = table([task.light], task.light.length, 1);
  for (const tile of tilesOf(task)) {
    const rays = [...tileArguments(task, tile), ...task.along, task.steps];
    const clip = table(clipOf(task, tile), 4, clipPlanesMax);
    const rest = [...slabArguments(slab), task.clip.length, clip, task.look.length, look, light];
    for (const [index, part] of parts.entries())
      placeTile(await kernel(...rays, part, ...rest), tile, task.columns, planes[index]!);
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
