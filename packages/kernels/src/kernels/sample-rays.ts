/**
 * The one gpu.js kernel behind reslicing and slab projection: per pixel it visits `steps` trilinear samples along a ray and keeps
 * the largest, the smallest or the mean; a reslice is a ray of one sample. Of a volume in slabs (volume-slabs.ts) it visits the
 * samples of one: sums and counts of all slabs give the mean.
 *
 * gpu.js compiles it from its source text, so it may use nothing from this module. Everything is inline because the webasm
 * back end calls functions lane by lane (2.5 times slower). `[z][y][x]` access only: a flat index beyond 2^24 is rounded
 * to a neighbour. Out of range traps, gives NaN or gives 0 depending on the engine: indices are clamped.
 */
/* oxlint-disable complexity, max-depth, max-lines-per-function, oxc/no-this-in-exported-function -- one gpu.js kernel, see above */
import type { IKernelFunctionThis } from "gpu.js";

export type VolumeConstants = {
  readonly volume: number[][][];
  /** Last index along columns, rows and slices. */
  readonly lastX: number;
  readonly lastY: number;
  readonly lastZ: number;
  /** 1 where some voxels hold `outside`, else 0. */
  readonly hasGaps: number;
  readonly tolerance: number;
  readonly outside: number;
  readonly outsideLimit: number;
};

/** The values of `mode`. */
export const rayModes = { max: 0, min: 1, mean: 2, sum: 3, count: 4 } as const;

/**
 * The slices from `lowZ` to `highZ` lie in memory; the ray's samples from slice `fromZ` on and before slice `toZ` are visited.
 * The tile's first pixel's first sample lies at o in voxel indices; u leads to the pixel on the right, v to the one below,
 * d to the ray's next sample (no component of d is zero: see ray-task.ts). Threads beyond `columns` x `rows` are no pixel.
 * Values are stored values; `outside` where no sample counted.
 */
export function sampleRays(
  this: Pick<IKernelFunctionThis, "thread"> & { constants: VolumeConstants },
  ox: number,
  oy: number,
  oz: number,
  ux: number,
  uy: number,
  uz: number,
  vx: number,
  vy: number,
  vz: number,
  columns: number,
  rows: number,
  dx: number,
  dy: number,
  dz: number,
  steps: number,
  mode: number,
  lowZ: number,
  highZ: number,
  fromZ: number,
  toZ: number,
): number {
  let result = this.constants.outside;
  if (this.thread.x < columns && this.thread.y < rows) {
    const px = ox + this.thread.x * ux + this.thread.y * vx;
    const py = oy + this.thread.x * uy + this.thread.y * vy;
    const pz = oz + this.thread.x * uz + this.thread.y * vz;
    // Clip the ray to the volume, per axis, in steps.
    const tolerance = this.constants.tolerance;
    const nearX = (0 - tolerance - px) / dx;
    const nearY = (0 - tolerance - py) / dy;
    const nearZ = (0 - tolerance - pz) / dz;
    const farX = (this.constants.lastX + tolerance - px) / dx;
    const farY = (this.constants.lastY + tolerance - py) / dy;
    const farZ = (this.constants.lastZ + tolerance - pz) / dz;
    const enterXY = Math.max(Math.min(nearX, farX), Math.min(nearY, farY));
    const leaveXY = Math.min(Math.max(nearX, farX), Math.max(nearY, farY));
    // Two slabs compute the cut between them alike, so that every sample is in one of them.
    const cutFrom = Math.ceil((fromZ - pz) / dz);
    const cutTo = Math.ceil((toZ - pz) / dz);
    const first = Math.max(
      Math.ceil(Math.max(Math.max(enterXY, Math.min(nearZ, farZ)), 0)),
      Math.min(cutFrom, cutTo),
    );
    const last = Math.min(
      Math.floor(Math.min(Math.min(leaveXY, Math.max(nearZ, farZ)), steps - 1)),
      Math.max(cutFrom, cutTo) - 1,
    );
    let sum = 0.0;
    let compensation = 0.0;
    let count = 0.0;
    for (let step = first; step <= last; step += 1) {
      const x = Math.min(Math.max(px + step * dx, 0), this.constants.lastX);
      const y = Math.min(Math.max(py + step * dy, 0), this.constants.lastY);
      const z = Math.min(Math.max(pz + step * dz, lowZ), highZ);
      const x0 = Math.floor(x);
      const y0 = Math.floor(y);
      const z0 = Math.floor(z);
      const x1 = Math.min(x0 + 1, this.constants.lastX);
      const y1 = Math.min(y0 + 1, this.constants.lastY);
      const below = z0 - lowZ;
      const above = Math.min(z0 + 1, highZ) - lowZ;
      let fx = x - x0;
      let fy = y - y0;
      let fz = z - z0;
      if (this.constants.hasGaps > 0) {
        // Next to a voxel centre is the centre, so that rounding gives a gap beside it no weight.
        if (fx < tolerance) fx = 0;
        if (fy < tolerance) fy = 0;
        if (fz < tolerance) fz = 0;
        if (fx > 1 - tolerance) fx = 1;
        if (fy > 1 - tolerance) fy = 1;
        if (fz > 1 - tolerance) fz = 1;
      }
      // Weighted sums, not a + (b - a) * f: a difference with the huge outside value would swallow the other voxel.
      const gx = 1 - fx;
      const gy = 1 - fy;
      const v00 = this.constants.volume[below]![y0]![x0]! * gx + this.constants.volume[below]![y0]![x1]! * fx;
      const v01 = this.constants.volume[below]![y1]![x0]! * gx + this.constants.volume[below]![y1]![x1]! * fx;
      const v10 = this.constants.volume[above]![y0]![x0]! * gx + this.constants.volume[above]![y0]![x1]! * fx;
      const v11 = this.constants.volume[above]![y1]![x0]! * gx + this.constants.volume[above]![y1]![x1]! * fx;
      const sample = (v00 * gy + v01 * fy) * (1 - fz) + (v10 * gy + v11 * fy) * fz;
      if (sample > this.constants.outsideLimit) {
        if (mode < 0.5) {
          result = Math.max(result, sample);
        } else {
          if (mode < 1.5) {
            if (count < 0.5) result = sample;
            result = Math.min(result, sample);
          } else {
            // A compensated (Kahan) sum: plain float32 is off by 1 % after a million small terms.
            const term = sample - compensation;
            const next = sum + term;
            compensation = next - sum - term;
            sum = next;
          }
        }
        count = count + 1;
      }
    }
    if (mode > 1.5 && count > 0) {
      result = sum / count;
      if (mode > 2.5) result = sum;
      if (mode > 3.5) result = count;
    }
  }
  return result;
}
