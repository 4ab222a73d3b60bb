/** Draws the volume from each view that was asked for. */
import type { RenderedFrames } from "@releve/dicom/derived/derived-output";
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import type { RenderedView } from "@releve/kernels/kernel-runner";
import type { ApplicationResult, ComputeContext } from "../application.ts";
import { volumeRendering } from "../derivation-codes.ts";
import { mm } from "../geometry/plane-stack.ts";
import { refuseUnlessRegular, volumeRemarks } from "../image-volume.ts";
import { renderLook } from "./look.ts";
import type { RenderingParameters } from "./parameters.ts";
import { renderViews, type ViewSet } from "./views.ts";

/** Ten views a second: a full turn of 36 in under four. */
const frameTimeMs = 100;

export function refuseRendering(plan: VolumePlan, { look }: RenderingParameters): Refusal | undefined {
  if (look.kind === "preset" && plan.modality !== "CT")
    return refusal(
      "PRESET_NEEDS_HU",
      `The presets are in HU, and the series is ${plan.modality}: choose a window instead.`,
    );
  return refuseUnlessRegular(plan);
}

export async function computeRendering(
  context: ComputeContext<RenderingParameters>,
): Promise<ApplicationResult | Refusal> {
  const { parameters, runner, signal } = context;
  const [{ volume, plan }] = context.inputs;
  const refused = refuseRendering(plan, parameters);
  if (refused) return refused;
  const set = renderViews(volume.geometry, parameters);
  if (!set) return refusal("NOTHING_LEFT", "The clipping box lies outside the volume.");
  const frames: Uint8Array[] = [];
  const engines = new Set<string>();
  let isSeen = false;
  for await (const view of runner.render(volume, set.views, renderLook(parameters), signal)) {
    frames.push(withoutAlpha(view));
    isSeen ||= holdsOpacity(view);
    engines.add(view.engine);
    context.onProgress(frames.length / set.views.length);
  }
  if (!isSeen)
    return refusal("NOTHING_VISIBLE", "No value of this volume is opaque in the look that was asked for.");
  return {
    outputs: [
      { ...describe(parameters), ...sizeOf(set), frames, frameTimeMs: frames.length > 1 ? frameTimeMs : 0 },
    ],
    engine: [...engines].join(", "),
    remarks: [method(parameters, set), ...volumeRemarks(plan), ...set.limits, notToMeasure],
  };
}

const notToMeasure =
  "Colours and surfaces depend on the look; no distance may be measured on these pictures.";

function withoutAlpha({ rgba }: RenderedView): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3)
    rgb.set(rgba.subarray(from, from + 3), to);
  return rgb;
}

function holdsOpacity({ rgba }: RenderedView): boolean {
  for (let index = 3; index < rgba.length; index += 4) if (rgba[index]! > 0) return true;
  return false;
}

const sizeOf = ({ views }: ViewSet) => ({ columns: views[0]!.plane.columns, rows: views[0]!.plane.rows });

type Described = Omit<RenderedFrames, "columns" | "rows" | "frames" | "frameTimeMs">;

function describe({ look, views, arcDegrees, axis, shaded }: RenderingParameters): Described {
  const name = look.kind === "preset" ? look.preset : look.kind;
  const turn = views === 1 ? "one view" : `${views} views over ${arcDegrees} degrees around the ${axis} axis`;
  return {
    kind: "rendered",
    key: "rendering",
    seriesDescription: `VR ${name} ${views === 1 ? "1 view" : `${views} views`}`,
    derivationDescription: `Volume rendering by emission and absorption, ${name}, ${shaded ? "shaded" : "unshaded"}, ${turn}`,
    derivationCode: volumeRendering,
  };
}

function method({ shaded }: RenderingParameters, { stepMm, spacingMm }: ViewSet): string {
  const light = shaded ? "lit from the eye" : "without shading";
  return `Parallel rays every ${mm(spacingMm)}, trilinear samples every ${mm(stepMm)}, emission and absorption front to back, ${light}.`;
}
