/** From stored to real-world values: slope and intercept of one frame (PS3.3 C.11.1 and C.7.6.16.2.9). */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { Attributes } from "../data-set/attributes.ts";

export type Rescale = { readonly slope: number; readonly intercept: number };

/** @returns undefined where the data set says nothing: stored values are then the values. */
export function readRescale(attributes: Attributes | undefined): Rescale | Refusal | undefined {
  if (!attributes) return undefined;
  if (attributes.items("ModalityLUTSequence").length > 0)
    return refusal("MODALITY_LUT", "Its values go through a look-up table, which is not applied here.");
  const slope = attributes.numbers("RescaleSlope")[0];
  const intercept = attributes.numbers("RescaleIntercept")[0];
  if (slope === undefined && intercept === undefined) return undefined;
  if (Number.isNaN(slope) || slope === 0)
    return refusal("BAD_RESCALE", "Rescale Slope is zero or not a number: its values mean nothing.");
  if (Number.isNaN(intercept)) return refusal("BAD_RESCALE", "Rescale Intercept is not a number.");
  return { slope: slope ?? 1, intercept: intercept ?? 0 };
}
