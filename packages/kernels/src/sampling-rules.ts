/**
 * The rules of sampling that the kernel and the float64 reference share.
 *
 * - Voxel (0,0,0)'s centre is index 0. A sample is inside while every index lies in [0, n-1], the outermost voxel centres:
 *   beyond the last centre nothing was measured on one side, so nothing is invented.
 * - Float32 carries an index of 1000 to about 6e-5. `indexTolerance` absorbs that: an index that close outside is clamped
 *   onto the face; where a volume has gaps, an index that close to a voxel centre is that voxel.
 * - A gap is a voxel in the padding range (or not finite). A sample that gives it any weight is outside: half-measured values
 *   are never mixed in.
 */
export const indexTolerance = 2e-4;

/** Stands for a gap in a kernel's copy of the volume, and for "no sample" in its output: NaN differs between engines. */
export const outsideValue = -1e38;

/** A mixture that gives `outsideValue` a weight of `indexTolerance` cubed or more lies below this; no measurement does. */
export const outsideLimit = -1e20;

/** A ray's step along an axis is never zero, so that clipping needs no case for it: 16,384 such steps drift 2e-5 voxels. */
export const smallestStep = 1e-9;

/** The longest ray, in samples. gpu.js cuts loops off silently, so the limit is explicit and longer rays are refused. */
export const maxRaySteps = 16_384;
