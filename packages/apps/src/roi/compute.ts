/** Measures the statistics of the voxels whose centres lie in spheres and boxes. */
import type { CodedConcept } from "@releve/dicom/derived/derived-series";
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { ApplicationResult, ComputeContext, ComputeInput } from "../application.ts";
import { voxelVolumeMl } from "../geometry/grid-facts.ts";
import { sliceThicknessMm } from "../geometry/slice-thickness.ts";
import { refuseUnlessRegular, volumeRemarks } from "../image-volume.ts";
import { inThread } from "../in-thread.ts";
import { dcm, ucum } from "../quantity-codes.ts";
import type { MeasuredRegion, RegionWork } from "./measure-regions.ts";
import { regionGroup, regionSegmentation } from "./outputs.ts";
import type { RoiParameters } from "./parameters.ts";

export const roiVersion = "2";

const threadModule = new URL("./roi-thread.ts", import.meta.url);

export async function computeRoi(
  context: ComputeContext<RoiParameters>,
): Promise<ApplicationResult | Refusal> {
  const { parameters, signal } = context;
  const [input] = context.inputs;
  const { volume, plan } = input;
  const refused = refuseUnlessRegular(plan);
  if (refused) return refused;
  const work: RegionWork = { volume, regions: parameters.regions };
  const measured = await inThread<readonly MeasuredRegion[] | Refusal>(threadModule, work, signal);
  if (isRefusal(measured)) return measured;
  const unit = unitOf(input);
  const voxelMl = voxelVolumeMl(volume.geometry);
  const remarks = [
    "IBSI first-order statistics of the voxels whose centres lie inside, without resampling; percentiles linear between neighbours in rank; moments divided by the number of voxels.",
    ...(unit === arbitrary ? ["The values' unit is not known: compare them within this series only."] : []),
    ...volumeRemarks(plan),
  ];
  return {
    outputs: [
      regionSegmentation(measured, plan, sliceThicknessMm(input), roiVersion),
      {
        kind: "measurements",
        key: "region-statistics",
        seriesDescription: "Statistics of regions",
        procedure: dcm("126000", "Imaging Measurement Report"),
        groups: measured.map((region, index) => regionGroup(region, index, unit, voxelMl)),
        remarks,
      },
    ],
    engine: "float64",
    remarks,
  };
}

const arbitrary = ucum("[arb'U]", "arbitrary unit");

/** Of PET's units those that UCUM writes (PS3.3 C.8.9.1.1.3). */
const petUnits: Readonly<Record<string, CodedConcept>> = {
  BQML: ucum("Bq/ml", "becquerel per milliliter"),
  GML: ucum("g/ml", "gram per milliliter"),
};

function unitOf({ plan, attributes }: ComputeInput): CodedConcept {
  if (plan.modality === "PT") return petUnits[attributes.string("Units") ?? ""] ?? arbitrary;
  const inHounsfield = plan.modality === "CT" && (attributes.string("RescaleType") ?? "HU") === "HU";
  return inHounsfield ? ucum("[hnsf'U]", "Hounsfield unit") : arbitrary;
}
