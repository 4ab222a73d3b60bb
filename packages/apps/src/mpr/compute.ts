/** Cuts the volume into each stack that was asked for. */
import type { DerivedSeries } from "@releve/dicom/derived/derived-series";
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { ApplicationResult, ComputeContext } from "../application.ts";
import { collectImages, withoutEmptyEnds } from "../collect-images.ts";
import { multiplanarReformatting } from "../derivation-codes.ts";
import { mm, type PlaneStack } from "../geometry/plane-stack.ts";
import { refuseUnlessRegular, volumeRemarks } from "../image-volume.ts";
import type { MprParameters, MprStack } from "./parameters.ts";
import { mprPlanes } from "./planes.ts";

export async function computeMpr(
  context: ComputeContext<MprParameters>,
): Promise<ApplicationResult | Refusal> {
  const { parameters, runner, signal } = context;
  const [{ volume, plan }] = context.inputs;
  const refused = refuseUnlessRegular(plan);
  if (refused) return refused;
  const stacks = parameters.stacks.map((stack) => mprPlanes(volume.geometry, stack, parameters));
  const total = stacks.reduce((count, { planes }) => count + planes.length, 0);
  let done = 0;
  const series: DerivedSeries[] = [];
  const engines = new Set<string>();
  for (const [index, stack] of parameters.stacks.entries()) {
    const cut = stacks[index]!;
    const computed = runner.reslice(volume, cut.planes, signal);
    const collected = await collectImages(computed, cut.planes, cut.intervalMm, () => {
      done += 1;
      context.onProgress(done / total);
    });
    for (const engine of collected.engines) engines.add(engine);
    series.push(mprSeries(stack, index, cut, withoutEmptyEnds(collected.images)));
  }
  if (series.every(({ images }) => images.length === 0))
    return refusal("NOTHING_MEASURED", "Every voxel of this volume is padding.");
  const limits = stacks.flatMap((cut, index) =>
    cut.limits.map((limit) => `${title(parameters.stacks[index]!)}: ${limit}`),
  );
  return {
    outputs: series.filter(({ images }) => images.length > 0),
    engine: [...engines].join(", "),
    remarks: [method, ...volumeRemarks(plan), ...limits],
  };
}

const method = "Trilinear interpolation in patient millimetres; what lies outside the volume is padding.";

function mprSeries(
  stack: MprStack,
  index: number,
  { spacingMm, intervalMm }: PlaneStack,
  images: DerivedSeries["images"],
): DerivedSeries {
  const name = title(stack);
  return {
    kind: "images",
    key: `mpr-${index}-${stack.orientation}`,
    seriesDescription: `MPR ${name.toLowerCase()} ${mm(intervalMm)}`,
    imageTypeValues: ["MPR"],
    derivationDescription: `${name} multiplanar reformatting, trilinear, pixels of ${mm(spacingMm)}, planes every ${mm(intervalMm)}`,
    derivationCode: multiplanarReformatting,
    images,
  };
}

const title = (stack: MprStack): string => stack.orientation[0]!.toUpperCase() + stack.orientation.slice(1);
