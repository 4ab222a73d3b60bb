/** A slab projection in float64: every sample of every ray, one after the other. */
import { add, scale } from "@releve/domain/vec3";
import { lpsToVoxel, type Volume } from "@releve/domain/volume";
import type { Projection } from "../kernel-runner.ts";
import type { Slab } from "../ray-task.ts";
import { pixelLps } from "./reslice-reference.ts";
import { sampleReference } from "./sample-reference.ts";

const combine: Readonly<Record<Projection, (samples: readonly number[]) => number>> = {
  max: (samples) => Math.max(...samples),
  min: (samples) => Math.min(...samples),
  mean: (samples) => samples.reduce((sum, sample) => sum + sample, 0) / samples.length,
};

/** Real-world values in row order; NaN where no sample of the ray is inside. */
export function projectReference(volume: Volume, slab: Slab, projection: Projection): Float64Array {
  const { plane, stepLps, steps } = slab;
  const toVoxel = lpsToVoxel(volume.geometry);
  const values = new Float64Array(plane.columns * plane.rows);
  for (let row = 0; row < plane.rows; row++)
    for (let column = 0; column < plane.columns; column++) {
      const middle = pixelLps(plane, column, row);
      const samples: number[] = [];
      for (let step = 0; step < steps; step++) {
        const point = add(middle, scale(stepLps, step - (steps - 1) / 2));
        const sample = sampleReference(volume, toVoxel(point));
        if (!Number.isNaN(sample)) samples.push(sample);
      }
      values[row * plane.columns + column] = samples.length === 0 ? Number.NaN : combine[projection](samples);
    }
  return values;
}
