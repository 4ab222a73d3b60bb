/**
 * CT Image IOD, PS3.3 A.3 and C.8.2.1. What belonged to single slices (tube current, exposure, table and gantry
 * position, reconstruction circle) stays behind: it is not true of a plane through all of them.
 */
import { many, type2, type3, type AttributeRule } from "../attribute-rule.ts";
import { elementsOf } from "../elements.ts";
import { generalModules } from "./general-modules.ts";
import type { Iod } from "./iod.ts";

const ctImageModule: readonly AttributeRule[] = [
  // Type 2C, required where no Patient Orientation Code Sequence is: these IODs have none.
  type2("PatientPosition"),
  type2("KVP"),
  type2("AcquisitionNumber"),
  type3("ScanOptions", many),
  type3("DataCollectionDiameter"),
  type3("FilterType"),
  type3("ConvolutionKernel", many),
];

export const ctImage: Iod = {
  sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
  modality: "CT",
  // C.8.2.1.1.1: "axial" means any cross-section, coronal, sagittal and oblique ones too.
  imageType: ["SECONDARY", "AXIAL"],
  zeroIntercept: false,
  copied: (source) => [...generalModules(source), ...ctImageModule],
  // Absent, Rescale Type means Hounsfield units in a CT image.
  perSeries: (source, { realWorld }) =>
    elementsOf({ RescaleType: realWorld ? "US" : rescaleType(source.string("RescaleType")) }),
  perImage: () => elementsOf({}),
};

function rescaleType(stated: string | undefined): string {
  return stated !== undefined && /^[A-Z0-9 _]{1,16}$/.test(stated) ? stated : "HU";
}
