/** Slab projections: a film of views around the patient, and stacks of thin slabs. */
import type { Refusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import type { VolumeApplication } from "../application.ts";
import { refuseReformatted, refuseUnlessRegular } from "../image-volume.ts";
import { computeSlab } from "./compute.ts";
import { slabParameters, type SlabParameters } from "./parameters.ts";

export const app: VolumeApplication<SlabParameters> = {
  id: "slab",
  version: "1",
  title: { en: "Slab projections (MIP, MinIP, mean)", fr: "Projections d'intensité (MIP, MinIP, moyenne)" },
  users: ["radiologist", "nuclear-physician", "clinician"],
  parameters: slabParameters,
  kernels: ["project-max", "project-min", "project-mean"],
  takes: "volume",
  refuses: ([plan]) => refuseUnlessRegular(plan!),
  propose,
  compute: computeSlab,
};

/** A view every 15 degrees; the half turn from behind costs nothing (see rotation.ts). */
const film: SlabParameters = { kind: "rotating", projection: "max", views: 24, arcDegrees: 360 };

/** 10 mm slabs every 5 mm: whatever is up to 5 mm thick lies whole in one of them. */
const thinSlabs = (projection: "min" | "mean"): SlabParameters => ({
  kind: "stack",
  projection,
  orientation: "axial",
  thicknessMm: 10,
  intervalMm: 5,
  imagesMax: 100,
});

/** MinIP is for air and bile in CT; a mean calms the noise of CT and MR; a PET is read as a turning MIP. */
const proposals: Readonly<Record<string, readonly SlabParameters[]>> = {
  CT: [film, thinSlabs("min"), thinSlabs("mean")],
  MR: [film, thinSlabs("mean")],
  PT: [film],
};

function propose(plan: VolumePlan): readonly SlabParameters[] | Refusal {
  return refuseUnlessRegular(plan) ?? refuseReformatted(plan) ?? proposals[plan.modality] ?? [];
}
