/**
 * The Decay Factor of a slice against the reference time that was taken: with START it is 2^(t / half life) of the time from the
 * reference to the frame's begin, times the decay within the frame (PS3.3 C.8.9.4). Scanners disagree about the attribute, so
 * that a contradiction is said and refuses nothing.
 */
import type { Attributes } from "@releve/dicom/data-set/attributes";
import { acquisitionSeconds } from "./decay-reference.ts";

/** What rounding and the begin of a frame explain, as a fraction of the SUV. */
const toleranceFraction = 0.03;

/** A sentence for a person where the SUV would be another one, or undefined. */
export function decayFactorDoubt(
  slice: Attributes,
  referenceS: number,
  halfLifeS: number,
): string | undefined {
  const written = slice.number("DecayFactor");
  const durationMs = slice.number("ActualFrameDuration");
  const acquired = acquisitionSeconds(slice);
  // Exactly 1 is written by those who do not keep it.
  if (!written || written <= 1 || !durationMs || durationMs < 0 || acquired === undefined) return undefined;
  const decayed = (Math.LN2 * durationMs) / 1000 / halfLifeS;
  const expected = 2 ** ((acquired - referenceS) / halfLifeS) * (decayed / -Math.expm1(-decayed));
  const difference = written / expected - 1;
  if (Math.abs(difference) <= toleranceFraction) return undefined;
  const percent = `${Math.abs(100 * difference).toFixed(0)} %`;
  return `The images' Decay Factor contradicts this reference time by ${percent}: check the times before the SUV is used.`;
}
