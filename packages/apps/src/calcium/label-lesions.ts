/** From classes of density to lesions and their vessels: the arithmetic of this application, without kernels and DICOM. */
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { GridGeometry } from "@releve/domain/volume";
import { assignVessels } from "./assign-vessels.ts";
import { findLesions, type Lesion } from "./lesions.ts";
import type { Vessel, VesselLabel } from "./parameters.ts";

export type LesionWork = {
  readonly classes: Uint8Array;
  readonly grid: GridGeometry;
  readonly labels: readonly VesselLabel[];
};

export type LabelledLesion = Lesion & { readonly vessel: Vessel | undefined };

export function labelLesions({ classes, grid, labels }: LesionWork): readonly LabelledLesion[] | Refusal {
  const lesions = findLesions(classes, grid);
  const vessels = assignVessels(lesions, grid, labels);
  if (isRefusal(vessels)) return vessels;
  return lesions.map((lesion, index) => ({ ...lesion, vessel: vessels[index] }));
}
