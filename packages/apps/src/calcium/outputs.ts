/** The result as DICOM: a mask per vessel, and a report of the scores. */
import type {
  Measurement,
  MeasurementGroup,
  Segment,
  Segmentation,
} from "@releve/dicom/derived/derived-output";
import type { CodedConcept } from "@releve/dicom/derived/derived-series";
import type { VolumePlan } from "@releve/domain/series-split";
import { ownSlices } from "../geometry/own-slices.ts";
import { dcm } from "../quantity-codes.ts";
import * as codes from "./codes.ts";
import type { Lesion } from "./lesions.ts";
import type { CalciumScores } from "./scores.ts";

/** Lesions that are reported together. */
export type LesionSet = {
  readonly label: string;
  readonly anatomy?: CodedConcept;
  readonly colorRgb: readonly [number, number, number];
  readonly lesions: readonly Lesion[];
};

const segmentationKey = "calcium-lesions";

/** Of the sets that hold lesions; undefined where none does. */
export function lesionSegmentation(
  sets: readonly LesionSet[],
  plan: VolumePlan,
  thicknessMm: number,
  version: string,
): Segmentation | undefined {
  const filled = sets.filter(({ lesions }) => lesions.length > 0);
  if (filled.length === 0) return undefined;
  return {
    kind: "segmentation",
    key: segmentationKey,
    seriesDescription: "Calcium lesions by vessel",
    algorithm: {
      type: "SEMIAUTOMATIC",
      name: "Agatston threshold",
      version,
      family: dcm("123105", "Histogram Analysis"),
    },
    planes: ownSlices(plan).map((geometry) => ({ geometry, thicknessMm })),
    segments: filled.map((set) => segmentOf(set, plan)),
  };
}

function segmentOf({ label, anatomy, colorRgb, lesions }: LesionSet, { geometry }: VolumePlan): Segment {
  const inSlice = geometry.columns * geometry.rows;
  const masks = Array.from<Uint8Array | undefined>({ length: geometry.slices });
  for (const { slice, voxels } of lesions) {
    const mask = (masks[slice] ??= new Uint8Array(inSlice));
    for (const voxel of voxels) mask[voxel - slice * inSlice] = 1;
  }
  return {
    label,
    category: codes.abnormalStructure,
    type: codes.calcification,
    ...(anatomy && { anatomy }),
    colorRgb,
    masks,
  };
}

/** @param segmentation that the group's lesions are a segment of, by the same label */
export function scoreGroup(
  label: string,
  site: CodedConcept | undefined,
  scores: CalciumScores,
  segmentation?: Segmentation,
): MeasurementGroup {
  const number = (segmentation?.segments.findIndex((segment) => segment.label === label) ?? -1) + 1;
  return {
    label,
    finding: codes.calcification,
    ...(site && { site }),
    ...(segmentation && number > 0 && { segment: { key: segmentation.key, number } }),
    measurements: measurementsOf(scores),
  };
}

function measurementsOf({ agatston, volumeMm3, massMg }: CalciumScores): readonly Measurement[] {
  const mass = massMg === undefined ? [] : [{ ...codes.massScore, value: massMg }];
  return [{ ...codes.agatstonScore, value: agatston }, { ...codes.volumeScore, value: volumeMm3 }, ...mass];
}
