/** Measures how dense the lungs of a chest CT are, by an automatic mask. */
import type { MeasurementGroup } from "@releve/dicom/derived/derived-output";
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { ApplicationResult, ComputeContext, ComputeInput } from "../application.ts";
import { refuseUnlessAxialCt, refuseUnlessPlainHounsfield } from "../ct-acquisition.ts";
import { voxelVolumeMl } from "../geometry/grid-facts.ts";
import { mm } from "../geometry/plane-stack.ts";
import { sliceThicknessMm } from "../geometry/slice-thickness.ts";
import { inThread } from "../in-thread.ts";
import { volumeRemarks } from "../image-volume.ts";
import { sct } from "../quantity-codes.ts";
import { classifyVoxels } from "../regions/classify-voxels.ts";
import { lungDensity, together } from "./density-histogram.ts";
import { densityBoundsHu } from "./density-bounds.ts";
import type { LungWork, MeasuredLungs } from "./measure-lungs.ts";
import { densityGroup, lungSegmentation, sides } from "./outputs.ts";
import type { LungParameters } from "./parameters.ts";

export const lungVersion = "1";

const threadModule = new URL("./lung-thread.ts", import.meta.url);

/** Sorting the voxels into classes is that share of the work; the mask and the histogram are the rest. */
const classifiedFraction = 0.4;

export async function computeLung(
  context: ComputeContext<LungParameters>,
): Promise<ApplicationResult | Refusal> {
  const { parameters, runner, signal, onProgress } = context;
  const [input] = context.inputs;
  const { volume, plan, attributes } = input;
  const refused = refuseUnlessAxialCt(plan) ?? refuseUnlessPlainHounsfield(attributes);
  if (refused) return refused;
  const bounds = densityBoundsHu(parameters.lungBelowHu);
  const { classes, engine } = await classifyVoxels(volume, bounds, runner, signal, (fraction) =>
    onProgress(fraction * classifiedFraction),
  );
  const work: LungWork = { volume, classes };
  const measured = await inThread<MeasuredLungs | Refusal>(threadModule, work, signal);
  if (isRefusal(measured)) return measured;
  const { lungs } = measured;
  const remarks = [...lungs.remarks, ...methodRemarks(parameters, input), ...volumeRemarks(plan)];
  onProgress(1);
  return {
    outputs: [
      lungSegmentation(lungs, plan, sliceThicknessMm(input), lungVersion),
      {
        kind: "measurements",
        key: "lung-density",
        seriesDescription: "Lung density",
        procedure: sct("169069000", "Computed tomography of chest"),
        groups: densityGroups(measured, voxelVolumeMl(volume.geometry)),
        remarks,
      },
    ],
    engine,
    remarks,
  };
}

function densityGroups({ left, right }: MeasuredLungs, voxelMl: number): readonly MeasurementGroup[] {
  return [
    densityGroup("both lungs", sides.both, lungDensity(together(left, right)), voxelMl),
    densityGroup("left lung", sides.left, lungDensity(left), voxelMl, 1),
    densityGroup("right lung", sides.right, lungDensity(right), voxelMl, 2),
  ];
}

/** Thicker slices average over the walls of small air spaces, so that less lies below -950 HU. */
const thicknessMaxMm = 2.5;

function methodRemarks({ lungBelowHu }: LungParameters, input: ComputeInput): readonly string[] {
  const { attributes } = input;
  const kernel = attributes.string("ConvolutionKernel");
  const kvp = attributes.number("KVP");
  const thickMm = sliceThicknessMm(input);
  return [
    `Lung: below ${lungBelowHu} HU within the body, without trachea and main bronchi, with what it encloses within a slice. LAA-950: share below -950 HU. PD15: 15th percentile. How deeply the patient breathed in is not known.`,
    kernel === undefined
      ? "The reconstruction kernel is not written; a sharp one raises LAA-950."
      : `Reconstructed with the kernel ${kernel}: compare only with the same one.`,
    ...(kvp !== undefined && Math.abs(kvp - 120) > 0.5 ? [`Taken at ${kvp} kV; 120 kV is usual.`] : []),
    ...(thickMm > thicknessMaxMm
      ? [`The slices are ${mm(thickMm)} thick: LAA-950 is lower than in thin ones.`]
      : []),
  ];
}
