/** How far a reconstruction is from the phantom whose projections it was made from. */
import type { ReconstructionGrid } from "@releve/kernels/tomography/circular-scan";
import { densityAt } from "@releve/kernels/tomography/shepp-logan";
import { median } from "./bench-row.ts";

export type PhantomSample = { readonly at: number; readonly density: number };

/** Every `apart`-th voxel of each axis that lies in the phantom, where a circular scan is nearly exact: 50 mm around its plane. */
export function phantomSamples(
  { columns, rows, slices, originMm, spacingMm }: ReconstructionGrid,
  apart: number,
): PhantomSample[] {
  const samples: PhantomSample[] = [];
  const placeOf = (index: number, axis: 0 | 1 | 2) => originMm[axis] + index * spacingMm[axis];
  for (let slice = 0; slice < slices; slice += apart) {
    const z = placeOf(slice, 2);
    if (Math.abs(z) > 50) continue;
    for (let row = 0; row < rows; row += apart)
      for (let column = 0; column < columns; column += apart) {
        const density = densityAt([placeOf(column, 0), placeOf(row, 1), z]);
        if (density > 0.05) samples.push({ at: (slice * rows + row) * columns + column, density });
      }
  }
  return samples;
}

/**
 * Plastimatch's values are not densities but numbers like HU: `scale` and `offset` make the values the phantom's, by least squares,
 * and `medianOff` is what is left then.
 */
export function pictureDifference(
  values: Float32Array,
  samples: readonly PhantomSample[],
): { readonly scale: number; readonly offset: number; readonly medianOff: number } {
  const mean = (of: (sample: PhantomSample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const value = mean(({ at }) => values[at]!);
  const phantom = mean(({ density }) => density);
  const scale =
    mean(({ at, density }) => (values[at]! - value) * (density - phantom)) /
    mean(({ at }) => (values[at]! - value) ** 2);
  const offset = phantom - scale * value;
  const off = samples.map(({ at, density }) => Math.abs(values[at]! * scale + offset - density));
  return { scale, offset, medianOff: median(off) };
}
