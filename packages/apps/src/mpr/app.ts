/** Multiplanar reformatting: the volume cut into the planes of the patient, and one oblique. */
import type { Refusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import type { VolumeApplication } from "../application.ts";
import { slicePlane } from "../geometry/grid-facts.ts";
import { refuseReformatted, refuseUnlessRegular } from "../image-volume.ts";
import { computeMpr } from "./compute.ts";
import { mprParameters, type MprParameters, type MprStack } from "./parameters.ts";

export const app: VolumeApplication<MprParameters> = {
  id: "mpr",
  version: "1",
  title: { en: "Multiplanar reformatting", fr: "Reformation multiplanaire" },
  users: ["radiologist", "nuclear-physician", "clinician"],
  parameters: mprParameters,
  kernels: ["reslice"],
  takes: "volume",
  refuses: ([plan]) => refuseUnlessRegular(plan!),
  propose,
  compute: computeMpr,
};

/** Slices within this of a patient plane are that plane; a gantry tilt of more is worth an axial set of its own. */
const sourcePlaneDegrees = 10;

/** 60 planes a stack cover a head at 4 mm, a trunk at 7 mm; more is for a request by hand. */
const imagesMax = 60;

/** Midway between coronal and sagittal, the feet down. */
const obliqueStack: MprStack = { orientation: "oblique", rowLps: [1, 1, 0], columnLps: [0, 0, -1] };

function propose(plan: VolumePlan): readonly MprParameters[] | Refusal {
  const refused = refuseUnlessRegular(plan) ?? refuseReformatted(plan);
  if (refused) return refused;
  const source = slicePlane(plan.geometry, sourcePlaneDegrees);
  const others = (["axial", "coronal", "sagittal"] as const).filter((plane) => plane !== source);
  return [{ stacks: [...others.map((orientation) => ({ orientation })), obliqueStack], imagesMax }];
}
