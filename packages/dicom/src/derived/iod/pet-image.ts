/**
 * Positron Emission Tomography Image IOD, PS3.3 A.21 and C.8.9. Series Date and Time stay the source's: they are the
 * reference time of the decay correction (C.8.9.1.1.2), and a reader computes SUV from them.
 */
import { isRefusal } from "@releve/domain/refusal";
import { many, type1, type2, type2C, type3, type AttributeRule } from "../attribute-rule.ts";
import type { Attributes } from "../../data-set/attributes.ts";
import type { DerivedSeries } from "../derived-series.ts";
import { elementsOf, merged } from "../elements.ts";
import { codeItem, type2Code, type3Codes } from "../modules/code-sequence.ts";
import { patientOrientation } from "../modules/patient-orientation.ts";
import { generalModules } from "./general-modules.ts";
import type { Iod } from "./iod.ts";
import { petUnits } from "./pet-units.ts";

const petSeriesModule: readonly AttributeRule[] = [
  type1("SeriesDate"),
  type1("SeriesTime"),
  type1("Units"),
  type3("SUVType", { oneOf: ["BSA", "BW", "LBM", "LBMJAMES128", "LBMJANMA", "IBW"] }),
  type1("CountsSource", { oneOf: ["EMISSION", "TRANSMISSION"] }),
  type2("CorrectedImage", many),
  type3("RandomsCorrectionMethod"),
  type3("AttenuationCorrectionMethod"),
  type3("ScatterCorrectionMethod"),
  type1("DecayCorrection", { oneOf: ["NONE", "START", "ADMIN"] }),
  type3("ReconstructionDiameter"),
  type3("ConvolutionKernel", many),
  type3("ReconstructionMethod"),
  type2("CollimatorType"),
];

const petImageModule: readonly AttributeRule[] = [
  type1("FrameReferenceTime"),
  type2("AcquisitionDate"),
  type2("AcquisitionTime"),
  type2("ActualFrameDuration"),
  type3("DoseCalibrationFactor"),
  type3("ScatterFractionFactor"),
];

/** Type 1C: a corrected image must say by how much. */
function decayModule(source: Attributes): readonly AttributeRule[] {
  return source.string("DecayCorrection") === "NONE" ? [] : [type1("DecayFactor")];
}

const radiopharmaceuticalItem: readonly AttributeRule[] = [
  type2Code("RadionuclideCodeSequence"),
  type3("RadiopharmaceuticalRoute"),
  type3Codes("AdministrationRouteCodeSequence"),
  type3("RadiopharmaceuticalVolume"),
  type3("RadiopharmaceuticalStartTime"),
  type3("RadiopharmaceuticalStartDateTime"),
  type3("RadiopharmaceuticalStopTime"),
  type3("RadiopharmaceuticalStopDateTime"),
  type3("RadionuclideTotalDose"),
  type3("RadionuclideHalfLife"),
  type3("RadionuclidePositronFraction"),
  type3("RadiopharmaceuticalSpecificActivity"),
  type3("Radiopharmaceutical"),
  type3Codes("RadiopharmaceuticalCodeSequence"),
];

const petIsotopeModule: readonly AttributeRule[] = [
  type2("RadiopharmaceuticalInformationSequence", { ...many, items: radiopharmaceuticalItem }),
];

const orientationModule: readonly AttributeRule[] = [
  type2("PatientOrientationCodeSequence", {
    items: [...codeItem, type2C("PatientOrientationModifierCodeSequence", { items: codeItem })],
  }),
  type2Code("PatientGantryRelationshipCodeSequence"),
];

export const petImage: Iod = {
  sopClassUid: "1.2.840.10008.5.1.4.1.1.128",
  modality: "PT",
  // C.8.9.4.1.1 allows no other second value.
  imageType: ["PRIMARY"],
  zeroIntercept: true,
  copied: (source) => [
    ...generalModules(source),
    ...petSeriesModule,
    ...petImageModule,
    ...decayModule(source),
    ...petIsotopeModule,
    ...orientationModule,
  ],
  perSeries: (source, series) => {
    const units = petUnits(series);
    if (isRefusal(units)) return units;
    return merged([petSeries(series), patientOrientation(source), units]);
  },
  perImage: (index) => elementsOf({ ImageIndex: index + 1 }),
};

/** One volume at one time, whatever the source's series held: static. Turning projections are reprojections (C.8.9.1.1.1). */
function petSeries({ rotating, images, derivationCode }: DerivedSeries) {
  const isMaximum = derivationCode.codeValue === "113078";
  return elementsOf({
    SeriesType: ["STATIC", rotating ? "REPROJECTION" : "IMAGE"],
    ReprojectionMethod: rotating ? (isMaximum ? "MAX PIXEL" : []) : undefined,
    NumberOfSlices: images.length,
  });
}
