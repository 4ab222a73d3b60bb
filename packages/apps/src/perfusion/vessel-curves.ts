/** The curves that the analysis stands on, as groups of measurements: each point a value with its time. */
import type { MeasurementGroup } from "@releve/dicom/derived/derived-output";
import type { VolumePlan } from "@releve/domain/series-split";
import { releve, sct, ucum } from "../quantity-codes.ts";
import type { TimeAxis } from "./time-axis.ts";
import type { Vessels } from "./vessels.ts";

const time = { concept: releve("TIME", "Time after the first image"), unit: ucum("s", "second") };

/** In the unit of the concentration that was deconvolved. */
const signals = {
  CT: {
    concept: releve("ENHANCEMENT", "Enhancement over the baseline"),
    unit: ucum("[hnsf'U]", "Hounsfield unit"),
  },
  MR: {
    concept: releve("LOG-SIGNAL", "Logarithm of the signal's fall, -ln(S / S0)"),
    unit: ucum("1", "no units"),
  },
} as const;

/** The artery as it was used, that is multiplied to the vein's area where there is one, and the vein. */
export function vesselCurves(
  { modality }: Pick<VolumePlan, "modality">,
  { stepSeconds }: Pick<TimeAxis, "stepSeconds">,
  { aif, vof }: Vessels,
): readonly MeasurementGroup[] {
  const signal = modality === "CT" ? signals.CT : signals.MR;
  const group = (label: string, finding: MeasurementGroup["finding"], curve: ArrayLike<number>) => ({
    label,
    ...(finding && { finding }),
    measurements: Array.from(curve, (value, step) => ({
      ...signal,
      value,
      at: { ...time, value: step * stepSeconds },
    })),
  });
  return [
    group("Arterial input function", sct("51114001", "Artery"), aif.curve),
    ...(vof ? [group("Venous output function", sct("29092000", "Vein"), vof.curve)] : []),
  ];
}
