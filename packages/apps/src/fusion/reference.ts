/** The fused picture, slow and obvious, in float64: both volumes sampled on the plane, then mixed pixel by pixel. */
import type { PlaneGeometry, Volume } from "@releve/domain/volume";
import { resliceReference } from "@releve/kernels/reference/reslice-reference";
import { hotIron } from "./hot-iron.ts";
import type { Look } from "./look.ts";

/** RGB, not rounded, 3 per pixel in row order. */
export function fusionReference(ct: Volume, pet: Volume, plane: PlaneGeometry, look: Look): number[] {
  return mixReference(resliceReference(ct, plane), resliceReference(pet, plane), look);
}

/** The same of values that are there already. */
export function mixReference(
  greys: Float64Array,
  uptakes: Float64Array,
  { ctCenter, ctWidth, petTop, alpha }: Look,
): number[] {
  return Array.from(greys, (hu, at) => {
    const ctValue = Number.isNaN(hu) ? -Infinity : hu;
    const petValue = Number.isNaN(uptakes[at]) ? 0 : uptakes[at]!;
    const grey = 255 * within01((ctValue - (ctCenter - ctWidth / 2)) / ctWidth);
    const entry = Math.round(255 * within01(petValue / petTop));
    return [0, 1, 2].map((channel) => (1 - alpha) * grey + alpha * hotIron[entry * 3 + channel]!);
  }).flat();
}

const within01 = (value: number) => Math.min(1, Math.max(0, value));
