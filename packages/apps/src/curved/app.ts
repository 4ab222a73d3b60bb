/** Curved reformat along a drawn path: a winding vessel in one image. Asked for by people, who draw the path; proposes nothing. */
import { voxelToLps } from "@releve/domain/volume";
import type { VolumePlan } from "@releve/domain/series-split";
import type { VolumeApplication } from "../application.ts";
import { computeCurved, refuseCurved } from "./compute.ts";
import { curvedParameters, type CurvedParameters } from "./parameters.ts";

export const app: VolumeApplication<CurvedParameters> = {
  id: "curved",
  version: "2",
  title: { en: "Curved reformat along a path", fr: "Reformation courbe le long d'un trajet" },
  users: ["radiologist", "clinician"],
  parameters: curvedParameters,
  takes: "volume",
  kernels: ["reslice"],
  propose: () => [],
  refuses: ([plan], parameters) => refuseCurved(plan!, parameters),
  suggest: ([plan]) => suggest(plan!),
  compute: computeCurved,
};

/** Through the middle of every slice: a path to replace by one's own, which shows what the form wants. */
function suggest({ geometry }: VolumePlan): CurvedParameters {
  const middle = (slice: number) => {
    const [x, y, z] = voxelToLps(geometry, (geometry.columns - 1) / 2, (geometry.rows - 1) / 2, slice);
    const tenth = (part: number) => Math.round(part * 10) / 10;
    return [tenth(x), tenth(y), tenth(z)] as const;
  };
  const last = geometry.slices - 1;
  return {
    pathLps: [middle(0), middle(last / 2), middle(last)],
    mode: { kind: "straightened", cuts: 4 },
    widthMm: 60,
  };
}
