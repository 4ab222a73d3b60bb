/** The regions as DICOM: a mask of each, and a report of what was measured in it. */
import type {
  Measurement,
  MeasurementGroup,
  Segment,
  Segmentation,
} from "@releve/dicom/derived/derived-output";
import type { CodedConcept } from "@releve/dicom/derived/derived-series";
import type { VolumePlan } from "@releve/domain/series-split";
import { ownSlices } from "../geometry/own-slices.ts";
import { dcm, ibsi, sct, ucum } from "../quantity-codes.ts";
import type { FirstOrderStatistics } from "../statistics/first-order.ts";
import type { MeasuredRegion } from "./measure-regions.ts";

const segmentationKey = "regions";
const labelOf = (index: number) => `Region ${index + 1}`;

export function regionSegmentation(
  regions: readonly MeasuredRegion[],
  plan: VolumePlan,
  thicknessMm: number,
  version: string,
): Segmentation {
  return {
    kind: "segmentation",
    key: segmentationKey,
    seriesDescription: "Measured regions",
    algorithm: { type: "MANUAL", name: "Shapes by hand", version },
    planes: ownSlices(plan).map((geometry) => ({ geometry, thicknessMm })),
    segments: regions.map((region, index) => segmentOf(region, index, plan)),
  };
}

const colors = [
  [230, 25, 75],
  [60, 180, 75],
  [255, 225, 25],
  [0, 130, 200],
  [245, 130, 48],
] as const;

function segmentOf({ voxels }: MeasuredRegion, index: number, { geometry }: VolumePlan): Segment {
  const inSlice = geometry.columns * geometry.rows;
  const masks = Array.from<Uint8Array | undefined>({ length: geometry.slices });
  for (const voxel of voxels) {
    const slice = Math.floor(voxel / inSlice);
    const mask = (masks[slice] ??= new Uint8Array(inSlice));
    mask[voxel - slice * inSlice] = 1;
  }
  return {
    label: labelOf(index),
    category: sct("309825002", "Spatial and Relational Concept"),
    type: dcm("111030", "Image Region"),
    colorRgb: colors[index % colors.length]!,
    masks,
  };
}

/** The codes of the IBSI reference manual; `power` of the values' unit. */
const features: readonly (readonly [
  key: Exclude<keyof FirstOrderStatistics, "count" | "standardDeviation">,
  code: string,
  meaning: string,
  power: 0 | 1 | 2,
])[] = [
  ["mean", "Q4LE", "Mean intensity", 1],
  ["variance", "ECT3", "Intensity variance", 2],
  ["skewness", "KE2A", "Intensity skewness", 0],
  ["excessKurtosis", "IPH6", "(Excess) intensity kurtosis", 0],
  ["median", "Y12H", "Median intensity", 1],
  ["minimum", "1GSF", "Minimum intensity", 1],
  ["percentile10", "QG58", "10th intensity percentile", 1],
  ["percentile90", "8DWT", "90th intensity percentile", 1],
  ["maximum", "84IY", "Maximum intensity", 1],
  ["interquartileRange", "SALO", "Intensity interquartile range", 1],
  ["range", "2OJQ", "Intensity range", 1],
  ["meanAbsoluteDeviation", "4FUA", "Intensity-based mean absolute deviation", 1],
  ["robustMeanAbsoluteDeviation", "1128", "Intensity-based robust mean absolute deviation", 1],
  ["medianAbsoluteDeviation", "N72L", "Intensity-based median absolute deviation", 1],
  ["coefficientOfVariation", "7TET", "Intensity-based coefficient of variation", 0],
  ["quartileCoefficientOfDispersion", "9S40", "Intensity-based quartile coefficient of dispersion", 0],
  ["energy", "N8CA", "Intensity-based energy", 2],
  ["rootMeanSquare", "5ZWQ", "Root mean square intensity", 1],
];

export function regionGroup(
  { voxels, statistics }: MeasuredRegion,
  index: number,
  unit: CodedConcept,
  voxelMl: number,
): MeasurementGroup {
  const units = [ucum("1", "no units"), unit, ucum(`(${unit.codeValue})2`, `${unit.codeMeaning}, squared`)];
  const measured = features.flatMap(([key, code, meaning, power]): readonly Measurement[] => {
    const value = statistics[key];
    // A quotient by a mean of 0 is no number, and no measurement.
    return Number.isFinite(value) ? [{ concept: ibsi(code, meaning), value, unit: units[power]! }] : [];
  });
  return {
    label: labelOf(index),
    segment: { key: segmentationKey, number: index + 1 },
    measurements: [
      { concept: sct("118565006", "Volume"), value: voxels.length * voxelMl, unit: ucum("ml", "milliliter") },
      {
        concept: sct("386136009", "Standard Deviation"),
        value: statistics.standardDeviation,
        unit,
      },
      ...measured,
    ],
  };
}
