/**
 * The MPR, slow and obvious: every pixel's place by PS3.3 C.7.6.2.1.1, the volume's value there by trilinear interpolation
 * in float64.
 */
import type { DerivedImage } from "@releve/dicom/derived/derived-series";
import type { Volume } from "@releve/domain/volume";
import { resliceReference } from "@releve/kernels/reference/reslice-reference";

/** Real-world values in row order, NaN outside the volume. */
export function mprReference(volume: Volume, image: Pick<DerivedImage, "geometry">): Float64Array {
  return resliceReference(volume, image.geometry);
}
