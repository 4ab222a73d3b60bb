/** The slab projections, slow and obvious: every sample of every ray in float64, then the largest, the smallest or the mean. */
import type { Volume } from "@releve/domain/volume";
import type { Projection } from "@releve/kernels/kernel-runner";
import { projectReference } from "@releve/kernels/reference/project-reference";
import type { SlabGeometry } from "./slab-set.ts";

/** Real-world values in row order, NaN where no sample of the ray is inside the volume. */
export function slabReference(volume: Volume, slab: SlabGeometry, projection: Projection): Float64Array {
  return projectReference(volume, slab, projection);
}
