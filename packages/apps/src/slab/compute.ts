/** Projects the volume through each slab that was asked for. */
import type { DerivedImage, DerivedSeries } from "@releve/dicom/derived/derived-series";
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { Projection } from "@releve/kernels/kernel-runner";
import type { ApplicationResult, ComputeContext } from "../application.ts";
import { collectImages, withoutEmptyEnds } from "../collect-images.ts";
import { projectionCodes } from "../derivation-codes.ts";
import { mm } from "../geometry/plane-stack.ts";
import { refuseUnlessRegular, volumeRemarks } from "../image-volume.ts";
import type { SlabParameters } from "./parameters.ts";
import { rotatingSlabs } from "./rotation.ts";
import type { SlabSet } from "./slab-set.ts";
import { stackedSlabs } from "./slabs.ts";

export async function computeSlab(
  context: ComputeContext<SlabParameters>,
): Promise<ApplicationResult | Refusal> {
  const { parameters, runner, signal } = context;
  const [{ volume, plan }] = context.inputs;
  const refused = refuseUnlessRegular(plan);
  if (refused) return refused;
  const set =
    parameters.kind === "rotating"
      ? rotatingSlabs(volume.geometry, parameters)
      : stackedSlabs(volume.geometry, parameters);
  let done = 0;
  const planes = set.slabs.map(({ plane }) => plane);
  const computed = runner.project(volume, set.slabs, parameters.projection, signal);
  const { images, engines } = await collectImages(computed, planes, set.thicknessMm, () => {
    done += 1;
    context.onProgress(done / planes.length);
  });
  const kept = withoutEmptyEnds([
    ...images,
    ...set.mirrored.map(({ plane, of }) => mirror(images[of]!, plane)),
  ]);
  if (kept.length === 0) return refusal("NOTHING_MEASURED", "Every voxel of this volume is padding.");
  return {
    outputs: [{ ...describe(parameters, set, plan.modality), images: kept }],
    engine: [...engines].join(", "),
    remarks: [method(set), ...volumeRemarks(plan), ...set.limits],
  };
}

/** The same rays seen from behind: each row the other way round. */
function mirror(image: DerivedImage, geometry: DerivedImage["geometry"]): DerivedImage {
  const values = new Float32Array(image.values.length);
  for (let start = 0; start < values.length; start += geometry.columns)
    values.set(image.values.slice(start, start + geometry.columns).toReversed(), start);
  return { ...image, geometry, values };
}

const names: Readonly<Record<Projection, { short: string; imageType: string; long: string }>> = {
  max: { short: "MIP", imageType: "MIP", long: "maximum intensity projection" },
  min: { short: "MinIP", imageType: "MINIP", long: "minimum intensity projection" },
  mean: { short: "Mean", imageType: "AVERAGE", long: "mean projection" },
};

function describe(parameters: SlabParameters, set: SlabSet, modality: string): Omit<DerivedSeries, "images"> {
  const { short, imageType, long } = names[parameters.projection];
  const thick = mm(set.thicknessMm);
  const shared = {
    kind: "images" as const,
    imageTypeValues: ["PROJECTION IMAGE", imageType],
    derivationCode: projectionCodes[parameters.projection],
  };
  if (parameters.kind === "stack")
    return {
      ...shared,
      key: `slab-${parameters.orientation}-${parameters.projection}`,
      seriesDescription: `${short} ${parameters.orientation} ${thick}`,
      derivationDescription: `${capital(parameters.orientation)} ${long} of slabs of ${thick}, trilinear`,
    };
  const { views, arcDegrees } = parameters;
  return {
    ...shared,
    key: `slab-rotating-${parameters.projection}`,
    seriesDescription: `${short} rotating ${views} views`,
    derivationDescription: `${capital(long)} through the whole volume, ${views} views over ${arcDegrees} degrees around the patient's long axis, trilinear`,
    rotating: true,
    // Through a whole body the densest thing on each ray is bone, which a soft tissue window shows as one white area.
    ...(modality === "CT" && parameters.projection === "max" && { window: { center: 500, width: 2000 } }),
  };
}

const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1);

function method({ slabs, thicknessMm }: SlabSet): string {
  const steps = slabs[0]?.steps ?? 0;
  return `${steps} trilinear samples over ${mm(thicknessMm)} in each ray; samples outside the volume do not count.`;
}
