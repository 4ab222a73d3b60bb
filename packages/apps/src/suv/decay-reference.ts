/**
 * The point in time that the values were decay corrected to, where Decay Correction is START: QIBA's vendor-neutral pseudo-code.
 * Series Date and Time, unless they lie after the earliest acquisition: a workstation wrote the series then, and the time is, in
 * this order, GE's private scan time; Acquisition Time less Frame Reference Time, corrected to the mean count rate of the frame
 * (Siemens); the earliest Acquisition Time. Taking each bed's Acquisition Time instead would be wrong by up to 15 %.
 */
import type { Attributes } from "@releve/dicom/data-set/attributes";
import { refusal, type Refusal } from "@releve/domain/refusal";
import { secondsOf, secondsOfDateTime } from "./dicom-seconds.ts";

export type DecayReference = {
  readonly seconds: number;
  /** For a person: which attribute gave it. */
  readonly from: string;
};

/** @param slices attributes of slices of the volume, at both ends at least: one of them was acquired first. */
export function decayReference(
  slices: readonly [Attributes, ...Attributes[]],
  halfLifeS: number,
): DecayReference | Refusal {
  const [first] = slices;
  const series = secondsOf(first.string("SeriesDate"), first.string("SeriesTime"));
  const acquired = slices.map((slice) => acquisitionSeconds(slice));
  const earliest = Math.min(...acquired.map((seconds) => seconds ?? Number.NaN));
  if (series === undefined)
    return refusal(
      "SERIES_TIME_MISSING",
      "Series Date and Time, to which values are decay corrected, are missing.",
    );
  if (Number.isNaN(earliest))
    return refusal("ACQUISITION_TIME_MISSING", "The images do not say when they were acquired.");
  if (series <= earliest) return { seconds: series, from: "Series Time" };
  return geScanTime(first) ?? frameReference(first, halfLifeS) ?? { seconds: earliest, from: earliestName };
}

const earliestName = "the earliest Acquisition Time, because Series Time lies after it";

/** Begin of the slice's frame. */
export function acquisitionSeconds(slice: Attributes): number | undefined {
  const date = slice.string("AcquisitionDate") ?? slice.string("SeriesDate");
  return secondsOf(date, slice.string("AcquisitionTime"));
}

function geScanTime(slice: Attributes): DecayReference | undefined {
  const [text] = slice.privateStrings(0x0009, "GEMS_PETD_01", 0x0d);
  const seconds = secondsOfDateTime(text?.trim(), slice.string("TimezoneOffsetFromUTC"));
  return seconds === undefined ? undefined : { seconds, from: "the scan time in GE's private attribute" };
}

/** Frame Reference Time counts from the reference to the frame's mean count rate, which is before its middle. */
function frameReference(slice: Attributes, halfLifeS: number): DecayReference | undefined {
  const acquired = acquisitionSeconds(slice);
  const frameReferenceMs = slice.number("FrameReferenceTime");
  const durationMs = slice.number("ActualFrameDuration");
  if (acquired === undefined || !frameReferenceMs || frameReferenceMs < 0 || !durationMs || durationMs < 0)
    return undefined;
  const decayPerS = Math.LN2 / halfLifeS;
  const decayed = (decayPerS * durationMs) / 1000;
  const meanRateS = Math.log(decayed / -Math.expm1(-decayed)) / decayPerS;
  return {
    seconds: acquired - frameReferenceMs / 1000 + meanRateS,
    from: "Acquisition Time and Frame Reference Time, because Series Time lies after the first acquisition",
  };
}
