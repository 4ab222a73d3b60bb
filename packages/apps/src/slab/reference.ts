/**
 * The slab projections, slow and obvious, from the geometry that an image is written with: a ray leaves each pixel's place
 * (PS3.3 C.7.6.2.1.1) along the plane's normal, to both sides; every sample is taken in float64.
 */
import { cross, normalize, scale } from "@releve/domain/vec3";
import type { PlaneGeometry, Volume } from "@releve/domain/volume";
import type { Projection } from "@releve/kernels/kernel-runner";
import { projectReference } from "@releve/kernels/reference/project-reference";

/** Real-world values in row order, NaN where no sample of the ray is inside the volume. */
export function slabReference(
  volume: Volume,
  image: { readonly geometry: PlaneGeometry; readonly thicknessMm: number },
  projection: Projection,
  steps: number,
): Float64Array {
  const { geometry, thicknessMm } = image;
  const normal = normalize(cross(geometry.columnStepLps, geometry.rowStepLps));
  const stepLps = scale(normal, thicknessMm / (steps - 1));
  return projectReference(volume, { plane: geometry, stepLps, steps }, projection);
}
