/** Samples PET and CT on the same planes and mixes them in colour. */
import type { RenderedFrames } from "@releve/dicom/derived/derived-output";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import type { Volume } from "@releve/domain/volume";
import type { KernelRunner, PlaneValues } from "@releve/kernels/kernel-runner";
import type { ApplicationResult, ComputeContext, ComputeInput } from "../application.ts";
import { pixelByPixelAddition } from "../derivation-codes.ts";
import { mm } from "../geometry/plane-stack.ts";
import { volumeRemarks } from "../image-volume.ts";
import { suvFactor } from "../suv/suv-factor.ts";
import { blendFrames, type PlanePair } from "./blend-frames.ts";
import { presentFusion } from "./blending.ts";
import { pairIndices } from "./find-pair.ts";
import type { Look } from "./look.ts";
import type { FusionParameters, FusionView } from "./parameters.ts";
import { frontPlane, raysThrough, stackPlanes, type ViewPlanes } from "./view-planes.ts";

export async function computeFusion(
  context: ComputeContext<FusionParameters>,
): Promise<ApplicationResult | Refusal> {
  const { inputs, parameters } = context;
  const indices = pairIndices(inputs.map(({ plan }) => plan));
  if (isRefusal(indices)) return indices;
  const [pet, ct] = [inputs[indices.pet]!, inputs[indices.ct]!];
  const scale = petScale(pet, parameters);
  if (isRefusal(scale)) return scale;
  const look: Look = {
    ctCenter: parameters.ctWindow.center,
    ctWidth: parameters.ctWindow.width,
    petTop: scale.top,
    alpha: parameters.alpha,
  };
  const drawing = { context, pet: pet.volume, ct: ct.volume, look };
  const outputs: RenderedFrames[] = [];
  const engines = new Set<string>();
  const limits: string[] = [];
  for (const [index, view] of parameters.views.entries()) {
    const drawn = await drawView(drawing, view, (done) =>
      context.onProgress((index + done) / parameters.views.length),
    );
    if (!drawn) return refusal("NOTHING_MEASURED", "Every voxel of the PET or of the CT is padding.");
    outputs.push({ ...describe(view, drawn.planes, parameters), ...drawn.frames });
    for (const engine of drawn.engines) engines.add(engine);
    limits.push(...drawn.planes.limits.map((limit) => `PET/CT ${names[view]}: ${limit}`));
  }
  const petFirst = indices.pet === 0;
  const presentation = presentFusion({ pet, ct, petFirst }, parameters, scale.top);
  return {
    outputs: [...outputs, ...presentation.outputs],
    engine: [...engines].join(", "),
    remarks: [
      method(parameters),
      scale.basis,
      ...volumeRemarks(pet.plan),
      ...volumeRemarks(ct.plan),
      ...limits,
      ...mipRemark(parameters),
      ...presentation.remarks,
    ],
  };
}

/** The value of the images at the palette's end. */
function petScale(
  { attributes, lastAttributes }: ComputeInput,
  { petTop }: FusionParameters,
): { top: number; basis: string } | Refusal {
  if (petTop.unit === "source")
    return { top: petTop.value, basis: "The PET is shown in the unit of its images." };
  const found = suvFactor(lastAttributes ? [attributes, lastAttributes] : [attributes], "SUVbw");
  if (!isRefusal(found)) return { top: petTop.value / found.factor, basis: found.basis };
  return refusal(found.refused, `${found.reason} A fusion in the unit of the images can be asked for.`);
}

type Drawing = {
  readonly context: ComputeContext<FusionParameters>;
  readonly pet: Volume;
  readonly ct: Volume;
  readonly look: Look;
};

type Drawn = {
  readonly planes: ViewPlanes;
  readonly frames: Pick<RenderedFrames, "columns" | "rows" | "frames">;
  readonly engines: readonly string[];
};

/** Undefined where one of the two shows nothing in this view. */
async function drawView(
  { context, pet, ct, look }: Drawing,
  view: FusionView,
  onProgress: (fraction: number) => void,
): Promise<Drawn | undefined> {
  const { runner, signal, parameters } = context;
  const { geometry } = parameters.grid === "CT" ? ct : pet;
  const planes =
    view === "coronal-mip" ? frontPlane(geometry) : stackPlanes(geometry, view, parameters.imagesMax);
  const sampled = (volume: Volume) =>
    view === "coronal-mip"
      ? runner.project(volume, [raysThrough(volume.geometry, planes.planes[0]!)], "max", signal)
      : runner.reslice(volume, planes.planes, signal);
  const pairs = pairsOf(sampled(ct), sampled(pet));
  const seen = view === "coronal-mip" ? { ...look, ...mipWindow } : look;
  const { columns, rows } = planes.planes[0]!;
  const result = await blendFrames(runner, pairs, seen, { total: planes.planes.length, onProgress, signal });
  if (!result.showsCt || !result.showsPet) return undefined;
  return { planes, frames: { columns, rows, frames: result.frames }, engines: result.engines };
}

/** The largest values along a ray are bone: a window for soft parts would be white all over. */
const mipWindow = { ctCenter: 400, ctWidth: 1600 };

/** In step: neither is computed far ahead of the other. */
async function* pairsOf(
  cts: ReturnType<KernelRunner["reslice"]>,
  pets: ReturnType<KernelRunner["reslice"]>,
): AsyncIterable<PlanePair> {
  const others: AsyncIterator<PlaneValues> = pets[Symbol.asyncIterator]();
  try {
    for await (const ct of cts) {
      const pet = await others.next();
      if (pet.done) throw new Error("the runner gave fewer planes than were asked for");
      yield { ct: ct.values, pet: pet.value.values, engines: [ct.engine, pet.value.engine] };
    }
  } finally {
    await others.return?.();
  }
}

const names: Readonly<Record<FusionView, string>> = {
  axial: "axial",
  coronal: "coronal",
  sagittal: "sagittal",
  "coronal-mip": "coronal MIP",
};

type Described = Omit<RenderedFrames, "columns" | "rows" | "frames">;

function describe(
  view: FusionView,
  { spacingMm, intervalMm }: ViewPlanes,
  parameters: FusionParameters,
): Described {
  const apart = view === "coronal-mip" ? "" : `, planes every ${mm(intervalMm)}`;
  return {
    kind: "rendered",
    key: `fusion-${view}`,
    seriesDescription: `PET/CT ${names[view]}, ${petUnit(parameters)}`,
    derivationDescription: `PET/CT fusion, ${names[view]}, pixels of ${mm(spacingMm)}${apart}. ${method(parameters)}`,
    derivationCode: pixelByPixelAddition,
    frameTimeMs: 0,
  };
}

function petUnit({ petTop }: FusionParameters): string {
  return petTop.unit === "SUVbw" ? `SUVbw 0-${petTop.value}` : `0-${petTop.value}`;
}

function method(parameters: FusionParameters): string {
  const { ctWindow, alpha, petTop } = parameters;
  const [share, unit] = [Math.round(100 * alpha), petTop.unit === "SUVbw" ? " g/ml" : ""];
  return `CT in grey, window ${ctWindow.center}/${ctWindow.width} HU, ${100 - share} %; PET in Hot Iron (PS3.6 B.1.1), ${petUnit(parameters)}${unit}, ${share} %. Trilinear; what the PET does not reach has its zero colour.`;
}

function mipRemark({ views }: FusionParameters): string[] {
  const { ctCenter, ctWidth } = mipWindow;
  return views.includes("coronal-mip")
    ? [
        `Coronal MIP: the largest values of each from front to back, the CT in window ${ctCenter}/${ctWidth} HU.`,
      ]
    : [];
}
