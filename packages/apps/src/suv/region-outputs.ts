/** Regions of uptake as DICOM: a Segmentation of them, and a report of what was measured in each and in all. */
import type {
  Measurement,
  MeasurementGroup,
  Measurements,
  Segmentation,
} from "@releve/dicom/derived/derived-output";
import type { VolumePlan } from "@releve/domain/series-split";
import { ownSlices } from "../geometry/own-slices.ts";
import { dcm, sct, ucum, ln } from "../quantity-codes.ts";
import type { RegionMeasures } from "./measure-region.ts";
import type { MeasuredRegion } from "./measure-uptake.ts";
import type { SuvRegion } from "./parameters.ts";
import { suvKindFacts, type SuvKind } from "./suv-kind.ts";

const segmentationKey = "metabolic-volumes";

/** @param regions at least one */
export function uptakeSegmentation(
  { plan, thicknessMm }: { readonly plan: VolumePlan; readonly thicknessMm: number },
  regions: readonly MeasuredRegion[],
  { within }: SuvRegion,
  version: string,
): Segmentation {
  const { columns, rows } = plan.geometry;
  const inSlice = columns * rows;
  const slicesOf = regions.map(({ voxels }) => Map.groupBy(voxels, (at) => Math.floor(at / inSlice)));
  const met = slicesOf.flatMap((slices) => [...slices.keys()]);
  const first = Math.min(...met);
  const planes = ownSlices(plan).slice(first, Math.max(...met) + 1);
  return {
    kind: "segmentation",
    key: segmentationKey,
    seriesDescription: "Metabolic volumes",
    algorithm: {
      type: within.shape === "volume" ? "AUTOMATIC" : "SEMIAUTOMATIC",
      name: "SUV threshold",
      version,
      family: dcm("123105", "Histogram Analysis"),
    },
    planes: planes.map((geometry) => ({ geometry, thicknessMm })),
    segments: slicesOf.map((slices, index) => ({
      label: labelOf(index),
      category: sct("49755003", "Morphologically Abnormal Structure"),
      type: sct("52988006", "Lesion"),
      colorRgb: colors[index % colors.length]!,
      masks: planes.map((_, plane) => maskOf(slices.get(first + plane), inSlice)),
    })),
  };
}

/** To a reader a number; what the uptake is, the reader says. */
const labelOf = (index: number) => `Uptake ${index + 1}`;

const colors = [
  [230, 25, 75],
  [60, 180, 75],
  [255, 225, 25],
  [0, 130, 200],
  [245, 130, 48],
  [145, 30, 180],
] as const;

function maskOf(voxels: readonly number[] | undefined, inSlice: number): Uint8Array | undefined {
  if (!voxels) return undefined;
  const mask = new Uint8Array(inSlice);
  for (const at of voxels) mask[at % inSlice] = 1;
  return mask;
}

export function uptakeReport(
  regions: readonly MeasuredRegion[],
  kind: SuvKind,
  remarks: readonly string[],
): Measurements {
  const groups = regions.map(({ measures }, index): MeasurementGroup => ({
    label: labelOf(index),
    segment: { key: segmentationKey, number: index + 1 },
    measurements: [...volumes(measures, kind), ...uptakes(measures, kind)],
  }));
  const sumOf = (term: (measures: RegionMeasures) => number) =>
    regions.reduce((sum, { measures }) => sum + term(measures), 0);
  const all = {
    volumeMl: sumOf(({ volumeMl }) => volumeMl),
    glycolysis: sumOf(({ glycolysis }) => glycolysis),
  };
  return {
    kind: "measurements",
    key: "uptake",
    seriesDescription: `Uptake ${kind}`,
    procedure: ln("44136-0", "PET unspecified body region"),
    groups: [{ label: "All regions", measurements: volumes(all, kind) }, ...groups],
    remarks,
  };
}

type Volumes = Pick<RegionMeasures, "volumeMl" | "glycolysis">;

/** Glycolysis is in g: it has no meaning by body surface. */
function volumes({ volumeMl, glycolysis }: Volumes, kind: SuvKind): Measurement[] {
  const volume = {
    concept: dcm("126032", "Metabolic Volume"),
    value: volumeMl,
    unit: ucum("ml", "milliliter"),
  };
  if (kind === "SUVbsa") return [volume];
  const { method } = suvKindFacts[kind];
  return [
    volume,
    { concept: dcm("126033", "Total Lesion Glycolysis"), value: glycolysis, unit: ucum("g", "gram"), method },
  ];
}

function uptakes(measures: RegionMeasures, kind: SuvKind): Measurement[] {
  const { quantity: concept, unit, method } = suvKindFacts[kind];
  const derived = [
    [measures.max, sct("56851009", "Maximum")],
    [measures.mean, sct("373098007", "Mean")],
    [measures.standardDeviation, sct("386136009", "Standard Deviation")],
    [measures.peak, dcm("126031", "Peak Value Within ROI")],
  ] as const;
  return derived.map(([value, derivation]) => ({ concept, value, unit, method, derivation }));
}
