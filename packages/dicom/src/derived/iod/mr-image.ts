/** MR Image IOD, PS3.3 A.4 and C.8.3.1. */
import { many, type1, type2, type3, type AttributeRule } from "../attribute-rule.ts";
import type { Attributes } from "../../data-set/attributes.ts";
import { elementsOf } from "../elements.ts";
import { generalModules } from "./general-modules.ts";
import type { Iod } from "./iod.ts";

const mrImageModule: readonly AttributeRule[] = [
  // Type 2C, required where no Patient Orientation Code Sequence is: these IODs have none.
  type2("PatientPosition"),
  type1("ScanningSequence", { ...many, oneOf: ["SE", "IR", "GR", "EP", "RM"] }),
  type1("SequenceVariant", { ...many, oneOf: ["SK", "MTC", "SS", "TRSS", "SP", "MP", "OSP", "NONE"] }),
  type2("ScanOptions", many),
  type2("MRAcquisitionType", { oneOf: ["2D", "3D"] }),
  type2("RepetitionTime"),
  type2("EchoTime"),
  type2("EchoTrainLength"),
  type3("SequenceName"),
  type3("AngioFlag", { oneOf: ["Y", "N"] }),
  type3("NumberOfAverages"),
  type3("ImagingFrequency"),
  type3("ImagedNucleus"),
  type3("EchoNumbers", many),
  type3("MagneticFieldStrength"),
  type3("PixelBandwidth"),
  type3("FlipAngle"),
  type3("ReceiveCoilName"),
  type3("TransmitCoilName"),
  type3("AcquisitionNumber"),
];

/** Both are Type 2C: empty where the sequence needs them and the source does not say, absent where it has none. */
function conditionalTimes(source: Attributes): readonly AttributeRule[] {
  const inverts = source.strings("ScanningSequence").includes("IR");
  const heartGated = source.strings("ScanOptions").some((option) => option === "CG" || option === "PPG");
  return [...(inverts ? [type2("InversionTime")] : []), ...(heartGated ? [type2("TriggerTime")] : [])];
}

export const mrImage: Iod = {
  sopClassUid: "1.2.840.10008.5.1.4.1.1.4",
  modality: "MR",
  imageType: ["SECONDARY"],
  zeroIntercept: false,
  copied: (source) => [...generalModules(source), ...mrImageModule, ...conditionalTimes(source)],
  perSeries: () => elementsOf({ RescaleType: "US" }),
  perImage: () => elementsOf({}),
};
