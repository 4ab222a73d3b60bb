/** The injection, from the Radiopharmaceutical Information Sequence (PS3.3 C.8.9.2). The rest in the syringe is not known to it. */
import type { Attributes } from "@releve/dicom/data-set/attributes";
import { refusal, type Refusal } from "@releve/domain/refusal";
import { secondsOfDateTime, secondsOfDay, startOfDay } from "./dicom-seconds.ts";

export type Administration = {
  readonly item: Attributes;
  readonly doseBq: number;
  readonly halfLifeS: number;
};

/** A dose below is MBq in a field for Bq: no image comes of 10 kBq. */
const doseBqMin = 1e4;

export function administrationOf(attributes: Attributes): Administration | Refusal {
  const [item, ...others] = attributes.items("RadiopharmaceuticalInformationSequence");
  if (!item)
    return refusal(
      "RADIOPHARMACEUTICAL_MISSING",
      "The images do not say what was injected, when and how much.",
    );
  if (others.length > 0)
    return refusal(
      "SEVERAL_RADIOPHARMACEUTICALS",
      "More than one injection is recorded; one dose is needed.",
    );
  const doseBq = item.number("RadionuclideTotalDose");
  if (!doseBq || doseBq < 0)
    return refusal("DOSE_MISSING", "An SUV needs Radionuclide Total Dose; the images do not say it.");
  if (doseBq < doseBqMin)
    return refusal("DOSE_UNLIKELY", "Radionuclide Total Dose is below 10,000 Bq: it is probably in MBq.");
  const halfLifeS = item.number("RadionuclideHalfLife");
  if (!halfLifeS || halfLifeS < 0)
    return refusal("HALF_LIFE_MISSING", "An SUV needs Radionuclide Half Life; the images do not say it.");
  return { item, doseBq, halfLifeS };
}

const secondsPerDay = 86_400;

/**
 * Seconds from the injection to `referenceS`. Radiopharmaceutical Start DateTime counts before Start Time; a Start Time has no
 * date: it is the last one before the reference, over midnight where it must be.
 */
export function decaySeconds(
  { item, halfLifeS }: Administration,
  referenceS: number,
  seriesOffset: string | undefined,
): number | Refusal {
  const started = secondsOfDateTime(item.string("RadiopharmaceuticalStartDateTime"), seriesOffset);
  const startTime = secondsOfDay(item.string("RadiopharmaceuticalStartTime"));
  if (started === undefined && startTime === undefined)
    return refusal(
      "INJECTION_TIME_MISSING",
      "The images do not say when the radiopharmaceutical was injected.",
    );
  const sameDay = startOfDay(referenceS) + (startTime ?? 0);
  const seconds = referenceS - (started ?? (sameDay > referenceS ? sameDay - secondsPerDay : sameDay));
  if (seconds < 0) return refusal("INJECTION_AFTER_SCAN", "The injection is recorded after the scan.");
  if (seconds > halfLivesMax * halfLifeS)
    return refusal(
      "INJECTION_TOO_EARLY",
      `The injection is recorded ${(seconds / halfLifeS).toFixed(0)} half lives before the scan: a date is wrong.`,
    );
  return seconds;
}

/** A thousandth of the dose is left: nobody takes images of that. */
const halfLivesMax = 10;
