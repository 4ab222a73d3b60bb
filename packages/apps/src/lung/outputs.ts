/** The result as DICOM: masks of both lungs, and a report of their densities. */
import type { MeasurementGroup, Segment, Segmentation } from "@releve/dicom/derived/derived-output";
import type { CodedConcept } from "@releve/dicom/derived/derived-series";
import type { VolumePlan } from "@releve/domain/series-split";
import { ownSlices } from "../geometry/own-slices.ts";
import { dcm, releve, sct, ucum } from "../quantity-codes.ts";
import { slicePart } from "../regions/slice-parts.ts";
import type { LungDensity } from "./density-histogram.ts";
import type { Lungs } from "./lung-mask.ts";

export const lungSegmentationKey = "lungs";

const lung = sct("39607008", "Lung");
export const sides = {
  left: sct("7771000", "Left"),
  right: sct("24028007", "Right"),
  both: sct("51440002", "Bilateral"),
};

export function lungSegmentation(
  { left, right }: Lungs,
  plan: VolumePlan,
  thicknessMm: number,
  version: string,
): Segmentation {
  return {
    kind: "segmentation",
    key: lungSegmentationKey,
    seriesDescription: "Lungs",
    algorithm: {
      type: "AUTOMATIC",
      name: "Lung threshold and components",
      version,
      family: dcm("123105", "Histogram Analysis"),
    },
    planes: ownSlices(plan).map((geometry) => ({ geometry, thicknessMm })),
    segments: [
      segmentOf("left lung", sides.left, [86, 180, 233], left, plan),
      segmentOf("right lung", sides.right, [230, 159, 0], right, plan),
    ],
  };
}

function segmentOf(
  label: string,
  laterality: CodedConcept,
  colorRgb: Segment["colorRgb"],
  mask: Uint8Array,
  { geometry: { columns, rows, slices } }: VolumePlan,
): Segment {
  const masks = Array.from({ length: slices }, (_, slice) => {
    const part = slicePart(mask, [columns, rows, slices], slice);
    return part.includes(1) ? part : undefined;
  });
  const category = sct("123037004", "Anatomical Structure");
  return { label, category, type: lung, laterality, colorRgb, masks };
}

export function densityGroup(
  label: string,
  laterality: CodedConcept,
  { voxels, meanHu, laa950Percent, pd15Hu }: LungDensity,
  voxelMl: number,
  segmentNumber?: number,
): MeasurementGroup {
  const hounsfield = ucum("[hnsf'U]", "Hounsfield unit");
  return {
    label,
    finding: lung,
    laterality,
    ...(segmentNumber !== undefined && { segment: { key: lungSegmentationKey, number: segmentNumber } }),
    measurements: [
      { concept: sct("118565006", "Volume"), value: voxels * voxelMl, unit: ucum("ml", "milliliter") },
      { concept: dcm("112181", "Mean Attenuation Coefficient"), value: meanHu, unit: hounsfield },
      {
        concept: releve("LAA-950", "LAA-950, share of the lung below -950 HU"),
        value: laa950Percent,
        unit: ucum("%", "percent"),
      },
      { concept: releve("PD15", "PD15, 15th percentile of lung density"), value: pd15Hu, unit: hounsfield },
    ],
  };
}
