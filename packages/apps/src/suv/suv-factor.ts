/**
 * The factor from a PET's real-world values to standardized uptake values, from the header alone: by the QIBA vendor-neutral
 * pseudo-code, with the vendors' cases.
 *
 *   SUV = activity concentration [Bq/ml] * body size [g or cm2] / dose, decayed to the values' reference time [Bq]
 */
import type { Attributes } from "@releve/dicom/data-set/attributes";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import { administrationOf, decaySeconds, type Administration } from "./administration.ts";
import { bodySize } from "./body-size.ts";
import { decayFactorDoubt } from "./decay-factor-doubt.ts";
import { decayReference } from "./decay-reference.ts";
import { suvKinds, suvKindFacts, type SuvKind } from "./suv-kind.ts";

export type SuvFactor = {
  readonly kind: SuvKind;
  /** SUV per real-world value (after Rescale Slope) of the source. */
  readonly factor: number;
  /** One sentence: from which attributes it came. */
  readonly basis: string;
};

/**
 * @param slices attributes of the volume's first slice, and of its last one where there is another object: a whole-body series
 *   may be written after its acquisition, and then the earliest of both counts.
 */
export function suvFactor(
  slices: Attributes | readonly [Attributes, ...Attributes[]],
  kind: SuvKind,
): SuvFactor | Refusal {
  const all = Array.isArray(slices) ? (slices as [Attributes, ...Attributes[]]) : ([slices] as [Attributes]);
  const [first] = all;
  const uncorrected = refuseUncorrected(first);
  if (uncorrected) return uncorrected;
  const source = sourceOf(first);
  if (isRefusal(source)) return source;
  const found = source.is === "SUV" ? fromSuv(first, source, kind) : fromActivity(all, source.bqPerMl, kind);
  if (isRefusal(found)) return found;
  return found.factor > 0 && Number.isFinite(found.factor)
    ? { kind, ...found }
    : refusal("SUV_FACTOR_UNUSABLE", "The header gives no usable SUV factor.");
}

type Found = Omit<SuvFactor, "kind"> | Refusal;

/** Without them a value is no concentration at all, whatever its units say. */
function refuseUncorrected(attributes: Attributes): Refusal | undefined {
  const corrected = attributes.strings("CorrectedImage");
  if (!corrected.includes("ATTN"))
    return refusal(
      "NOT_ATTENUATION_CORRECTED",
      "The images are not corrected for attenuation (Corrected Image).",
    );
  if (!corrected.includes("DECY") || attributes.string("DecayCorrection") === "NONE")
    return refusal(
      "NOT_DECAY_CORRECTED",
      "The images are not corrected for decay (Corrected Image, Decay Correction).",
    );
  return undefined;
}

type Source =
  | { readonly is: "SUV"; readonly kind: SuvKind; readonly factor: number; readonly basis: string }
  | { readonly is: "activity"; readonly bqPerMl: number };

/** What a real-world value of the source is: an SUV already, up to a factor, or an activity concentration. */
function sourceOf(attributes: Attributes): Source | Refusal {
  const units = attributes.string("Units");
  if (units === "BQML") return { is: "activity", bqPerMl: 1 };
  if (units === "CNTS") return philipsCounts(attributes);
  if (units !== "GML" && units !== "CM2ML")
    return refusal(
      "UNITS_NOT_SUPPORTED",
      `No SUV can be computed from Units ${units ?? "that are missing"}.`,
    );
  const suvType = attributes.string("SUVType") ?? (units === "GML" ? "BW" : "BSA");
  const kind = suvKinds.find((each) => suvKindFacts[each].suvType === suvType);
  if (!kind)
    return refusal("SUV_TYPE_UNKNOWN", `The values are SUV of a type that cannot be converted: ${suvType}.`);
  return { is: "SUV", kind, factor: 1, basis: `The source's values are ${kind} already (Units ${units}).` };
}

const philips = "Philips PET Private Group";

function philipsCounts(attributes: Attributes): Source | Refusal {
  const [suvScale] = attributes.privateNumbers(0x7053, philips, 0x00);
  const basis = "Counts, by the SUV scale factor in Philips' private attribute (7053,xx00).";
  if (suvScale) return { is: "SUV", kind: "SUVbw", factor: suvScale, basis };
  const [bqPerMl] = attributes.privateNumbers(0x7053, philips, 0x09);
  if (bqPerMl) return { is: "activity", bqPerMl };
  return refusal(
    "COUNTS_WITHOUT_FACTOR",
    "The values are counts, without Philips' factors to a concentration.",
  );
}

/** One kind of SUV to another is the ratio of the body sizes: neither dose nor decay come in a second time. */
function fromSuv(attributes: Attributes, source: Extract<Source, { is: "SUV" }>, kind: SuvKind): Found {
  const { factor, basis } = source;
  if (source.kind === kind) return { factor, basis };
  const wanted = bodySize(attributes, kind);
  if (isRefusal(wanted)) return wanted;
  const given = bodySize(attributes, source.kind);
  if (isRefusal(given)) return given;
  return { factor: (factor * wanted) / given, basis: `${basis} Converted by the ratio of the body sizes.` };
}

function fromActivity(slices: readonly [Attributes, ...Attributes[]], bqPerMl: number, kind: SuvKind): Found {
  const [first] = slices;
  const size = bodySize(first, kind);
  if (isRefusal(size)) return size;
  const administration = administrationOf(first);
  if (isRefusal(administration)) return administration;
  const dose = doseAtReference(slices, administration);
  if (isRefusal(dose)) return dose;
  return { factor: (bqPerMl * size) / dose.bq, basis: dose.basis };
}

function doseAtReference(
  slices: readonly [Attributes, ...Attributes[]],
  administration: Administration,
): { readonly bq: number; readonly basis: string } | Refusal {
  const [first] = slices;
  const { doseBq, halfLifeS } = administration;
  const correction = first.string("DecayCorrection");
  if (correction === "ADMIN")
    return {
      bq: doseBq,
      basis: "The values are decay corrected to the injection (ADMIN): the dose is taken as injected.",
    };
  if (correction !== "START")
    return refusal(
      "DECAY_CORRECTION_UNKNOWN",
      `Decay Correction is ${correction ?? "missing"}, not START or ADMIN.`,
    );
  const reference = decayReference(slices, halfLifeS);
  if (isRefusal(reference)) return reference;
  const seconds = decaySeconds(administration, reference.seconds, first.string("TimezoneOffsetFromUTC"));
  if (isRefusal(seconds)) return seconds;
  const doubt = decayFactorDoubt(first, reference.seconds, halfLifeS);
  const basis = `The dose is decayed by ${Number(seconds.toFixed(3))} s, to ${reference.from}.`;
  return { bq: doseBq * 2 ** (-seconds / halfLifeS), basis: doubt ? `${basis} ${doubt}` : basis };
}
