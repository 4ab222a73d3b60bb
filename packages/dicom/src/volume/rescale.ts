/** From stored to real-world values: slope and intercept of one frame (PS3.3 C.11.1 and C.7.6.16.2.9). */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { Attributes } from "../data-set/attributes.ts";

export type Rescale = { readonly slope: number; readonly intercept: number };

/** Beyond this a stored value leaves the range of 32-bit floats. */
const largest = 1e30;

/** @returns undefined where the data set says nothing: stored values are then the values. */
export function readRescale(attributes: Attributes | undefined): Rescale | Refusal | undefined {
  if (!attributes) return undefined;
  if (attributes.items("ModalityLUTSequence").length > 0)
    return refusal("MODALITY_LUT", "Its values go through a look-up table, which is not applied here.");
  const slope = attributes.numbers("RescaleSlope")[0];
  const intercept = attributes.numbers("RescaleIntercept")[0];
  if (slope === undefined && intercept === undefined) return undefined;
  if (slope !== undefined && (!isQuantity(slope) || slope === 0))
    return refusal("BAD_RESCALE", "Rescale Slope is zero or no usable number: its values mean nothing.");
  if (intercept !== undefined && !isQuantity(intercept))
    return refusal("BAD_RESCALE", "Rescale Intercept is no usable number.");
  return { slope: slope ?? 1, intercept: intercept ?? 0 };
}

function isQuantity(value: number): boolean {
  return Math.abs(value) <= largest;
}
