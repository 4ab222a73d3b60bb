/** What a perfusion analysis hands over: four maps, the masks of lesions and vessels, and the volumes as measurements. */
import type {
  Measurements,
  MeasurementGroup,
  ParametricMap,
  Segment,
  Segmentation,
} from "@releve/dicom/derived/derived-output";
import type { VolumePlan } from "@releve/domain/series-split";
import { perfusionAnalysis } from "../derivation-codes.ts";
import { imagesOnOwnSlices, ownSlices } from "../geometry/own-slices.ts";
import { dcm, sct, ucum } from "../quantity-codes.ts";
import type { Lesions } from "./lesions.ts";
import type { Vessels } from "./vessels.ts";

export type MapName = "cbf" | "cbv" | "mtt" | "tmax";
export type Maps = Readonly<Record<MapName, Float32Array>>;

/** Units as PS3.16 CID 7181 spells them. */
const described: Readonly<
  Record<MapName, Pick<ParametricMap, "quantity" | "unit" | "window"> & { readonly name: string }>
> = {
  cbf: {
    name: "CBF (mL/100 g/min)",
    quantity: dcm("126390", "Absolute Regional Blood Flow"),
    unit: ucum("ml/[100]g/min", "milliliter per 100 gram per minute"),
    window: { center: 40, width: 80 },
  },
  cbv: {
    name: "CBV (mL/100 g)",
    quantity: dcm("126391", "Absolute Regional Blood Volume"),
    unit: ucum("ml/[100]g", "milliliter per 100 gram"),
    window: { center: 4, width: 8 },
  },
  mtt: {
    name: "MTT (s)",
    quantity: dcm("113052", "Mean Transit Time"),
    unit: ucum("s", "second"),
    window: { center: 6, width: 12 },
  },
  tmax: {
    name: "Tmax (s)",
    quantity: dcm("113084", "Tmax"),
    unit: ucum("s", "second"),
    window: { center: 6, width: 12 },
  },
};

const segmentationKey = "perfusion-regions";
const seconds = (value: number) => `${Number(value.toFixed(2))} s`;

export function mapOutputs(
  plan: VolumePlan,
  maps: Maps,
  thicknessMm: number,
  method: string,
): readonly ParametricMap[] {
  return (["cbf", "cbv", "mtt", "tmax"] as const).map((key) => {
    const { name, quantity, unit, window } = described[key];
    return {
      kind: "parametric-map",
      key,
      seriesDescription: name,
      derivationDescription: method,
      derivationCode: perfusionAnalysis,
      quantity,
      unit,
      method: dcm("126311", "Singular Value Decomposition (SVD) deconvolution"),
      images: imagesOnOwnSlices(plan, maps[key], thicknessMm),
      ...(window && { window }),
    };
  });
}

type Region = Omit<Segment, "masks"> & { readonly key: keyof Regions };
type Regions = Readonly<Record<"core" | "penumbra" | "artery" | "vein", Uint8Array>>;

const abnormal = sct("49755003", "Morphologically Abnormal Structure");
const structure = sct("123037004", "Anatomical Structure");
const lesion = sct("52988006", "Lesion");
const brain = sct("12738006", "Brain");

const regions: readonly Region[] = [
  { key: "core", label: "Core", category: abnormal, type: lesion, anatomy: brain, colorRgb: [220, 40, 60] },
  {
    key: "penumbra",
    label: "Penumbra",
    category: abnormal,
    type: lesion,
    anatomy: brain,
    colorRgb: [60, 180, 90],
  },
  {
    key: "artery",
    label: "Arterial input function",
    category: structure,
    type: sct("51114001", "Artery"),
    colorRgb: [255, 160, 0],
  },
  {
    key: "vein",
    label: "Venous output function",
    category: structure,
    type: sct("29092000", "Vein"),
    colorRgb: [0, 120, 255],
  },
];

/** What is empty has no segment: of a brain without a lesion the vessels remain. */
export function regionOutput(
  plan: VolumePlan,
  lesions: Lesions,
  vessels: Vessels,
  thicknessMm: number,
  version: string,
): Segmentation {
  const voxels = plan.geometry.columns * plan.geometry.rows * plan.geometry.slices;
  const masks: Regions = {
    core: lesions.core,
    penumbra: lesions.penumbra,
    artery: maskOf(vessels.aif.voxels, voxels),
    vein: maskOf(vessels.vof?.voxels ?? [], voxels),
  };
  return {
    kind: "segmentation",
    key: segmentationKey,
    seriesDescription: "Perfusion core, penumbra, vessels",
    algorithm: { type: "AUTOMATIC", name: "Releve perfusion", version },
    planes: ownSlices(plan).map((geometry) => ({ geometry, thicknessMm })),
    segments: regions
      .filter(({ key }) => masks[key].includes(1))
      .map(({ key, ...region }) => ({ ...region, masks: bySlice(masks[key], plan) })),
  };
}

function maskOf(voxels: readonly number[], length: number): Uint8Array {
  const mask = new Uint8Array(length);
  for (const voxel of voxels) mask[voxel] = 1;
  return mask;
}

function bySlice(mask: Uint8Array, { geometry }: VolumePlan): readonly (Uint8Array | undefined)[] {
  const inSlice = geometry.columns * geometry.rows;
  return Array.from({ length: geometry.slices }, (_, slice) => {
    const own = mask.slice(slice * inSlice, (slice + 1) * inSlice);
    return own.includes(1) ? own : undefined;
  });
}

export function measurementOutput(
  lesions: Lesions,
  { segments }: Segmentation,
  { tmaxSecondsMin, coreCbfFraction }: { readonly tmaxSecondsMin: number; readonly coreCbfFraction: number },
  curves: readonly MeasurementGroup[],
  remarks: readonly string[],
): Measurements {
  const late = `Tmax > ${seconds(tmaxSecondsMin)}`;
  const low = `CBF < ${Number((100 * coreCbfFraction).toFixed(1))} % of normal`;
  const segmentOf = (label: string) => {
    const number = segments.findIndex((segment) => segment.label === label) + 1;
    return number > 0 ? { segment: { key: segmentationKey, number } } : {};
  };
  const group = (label: string, ml: number): MeasurementGroup => ({
    label,
    finding: lesion,
    site: brain,
    measurements: [volume(ml)],
  });
  const all = group(`Hypoperfused (${late})`, lesions.coreMl + lesions.penumbraMl);
  const ratio = lesions.mismatchRatio;
  return {
    kind: "measurements",
    key: "perfusion-volumes",
    seriesDescription: "Perfusion volumes",
    procedure: perfusionAnalysis,
    groups: [
      { ...group(`Core (${low}, ${late})`, lesions.coreMl), ...segmentOf("Core") },
      { ...group(`Penumbra (${late}, no core)`, lesions.penumbraMl), ...segmentOf("Penumbra") },
      ratio === undefined ? all : { ...all, measurements: [...all.measurements, mismatch(ratio)] },
      ...curves,
    ],
    remarks,
  };
}

const volume = (ml: number) => ({
  concept: sct("118565006", "Volume"),
  value: ml,
  unit: ucum("mL", "milliliter"),
});

/** Hypoperfused over core. */
const mismatch = (ratio: number) => ({
  concept: dcm("113288", "Volume Ratio"),
  value: ratio,
  unit: ucum("1", "no units"),
});
