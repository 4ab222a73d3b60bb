/** Two volumes in one picture: each sampled in its own memory, then mixed pixel by pixel. */
import type { Volume } from "@releve/domain/volume";
import type { Projection, RenderedView } from "../kernel-runner.ts";
import { rayTask, type RayTask, type Slab } from "../ray-task.ts";
import { planeCalls } from "./plane-calls.ts";
import type { ResidentVolume } from "./resident-volume.ts";

/** The same pixels through both volumes; a slab of one step is a plane. */
export type FusedSlabs = { readonly under: Slab; readonly over: Slab };

/** A pixel is (1 - alpha) x grey + alpha x colour; what a volume does not reach is as its window's low end. */
export type FusedLook = {
  /** Real-world values that are black and white. */
  readonly grey: { readonly low: number; readonly high: number };
  /** 256 times red, green and blue from 0 to 255: the first at `low`, the last at `high`, the nearest between. */
  readonly colour: { readonly low: number; readonly high: number; readonly rgb: Float32Array };
  /** 0 to 1: the colour's share. */
  readonly alpha: number;
};

export type FuseTask = { readonly under: RayTask; readonly over: RayTask };

/** @throws RangeError for a look or slabs that have no meaning. */
export function fuseTask(
  under: Volume,
  over: Volume,
  slabs: FusedSlabs,
  projection: Projection,
  { grey, colour, alpha }: FusedLook,
): FuseTask {
  const [a, b] = [slabs.under.plane, slabs.over.plane];
  if (a.columns !== b.columns || a.rows !== b.rows)
    throw new RangeError("the planes of two volumes have different pixels");
  if (!(grey.high > grey.low) || !(colour.high > colour.low)) throw new RangeError("a window has no width");
  if (colour.rgb.length !== 3 * 256) throw new RangeError(`${colour.rgb.length / 3} colours are not 256`);
  if (!(alpha >= 0 && alpha <= 1)) throw new RangeError(`${alpha} is no share`);
  return { under: rayTask(under, slabs.under, projection), over: rayTask(over, slabs.over, projection) };
}

/** Alpha is 255 throughout. */
export async function fusePlane(
  under: ResidentVolume,
  over: ResidentVolume,
  task: FuseTask,
  look: FusedLook,
  engine: string,
): Promise<RenderedView> {
  const bytes = task.under.columns * task.under.rows * 4;
  const values = new Float32Array(await over.compute(bytes, planeCalls(over, task.over)));
  const { grey, colour, alpha } = look;
  const most = 255 * (1 - alpha);
  const numbers = [
    grey.low,
    most / (grey.high - grey.low),
    most,
    colour.low,
    255 / (colour.high - colour.low),
  ];
  const rgba = await under.computeWith(
    bytes,
    [values, colourTable(look)],
    planeCalls(under, task.under),
    (inputsAt) => [["blend", ...inputsAt, ...numbers]],
  );
  return { rgba: new Uint8ClampedArray(rgba), engine };
}

/** The colours' share with half a level for rounding; the fourth number stays 255 whatever grey is added. */
function colourTable({ colour: { rgb }, alpha }: FusedLook): Float32Array {
  return Float32Array.from({ length: 4 * 256 }, (_, at) =>
    at % 4 === 3 ? 255 : alpha * rgb[3 * (at >> 2) + (at % 4)]! + 0.5,
  );
}
