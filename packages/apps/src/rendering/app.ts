/** Volume rendering: the volume as coloured, lit material, from views around it. Asked for by people; proposes nothing. */
import type { VolumePlan } from "@releve/domain/series-split";
import type { VolumeApplication } from "../application.ts";
import { computeRendering, refuseRendering } from "./compute.ts";
import { renderingParameters, type RenderingParameters } from "./parameters.ts";

export const app: VolumeApplication<RenderingParameters> = {
  id: "rendering",
  version: "1",
  title: { en: "Volume rendering", fr: "Rendu volumique" },
  users: ["radiologist", "clinician"],
  parameters: renderingParameters,
  kernels: ["render"],
  takes: "volume",
  propose: () => [],
  refuses: ([plan], parameters) => refuseRendering(plan!, parameters),
  suggest: ([plan]) => suggest(plan!),
  compute: computeRendering,
};

/** A full turn every 10 degrees. The window of an MR or PET is a guess that its reader changes. */
function suggest({ modality }: VolumePlan): RenderingParameters {
  const guesses = {
    MR: { center: 500, width: 800, palette: "gray" },
    PT: { center: 5000, width: 10_000, palette: "warm" },
  } as const;
  const guess = modality === "MR" ? guesses.MR : guesses.PT;
  return {
    look:
      modality === "CT"
        ? { kind: "preset", preset: "bone" }
        : { kind: "window", opacityPerMm: 0.5, ...guess },
    shaded: true,
    views: 36,
    arcDegrees: 360,
    startDegrees: 0,
    axis: "feet-head",
    sizeMax: 512,
  };
}
