/**
 * The rules of volume rendering that the kernels and the float64 reference share. Samples follow sampling-rules.ts.
 *
 * - Sample number k of a pixel lies at the pixel's point + k * stepLps, k from 0. One that is outside, in a gap, or cut away
 *   contributes nothing and absorbs nothing.
 * - The gradient is half the difference of the samples one voxel before and after along each axis of the grid, their places
 *   clamped to the volume, and taken to patient space. A neighbour in a gap is replaced by the sample itself.
 *   Cutting does not change it.
 * - Light and eye lie in the direction the rays come from, and both sides of a surface are lit. With n = gradient /
 *   max(|gradient|, floor) and c = |n . step| / |step|, the colour is rgb * (ambient + diffuse * c) + specular * c^shininess,
 *   each part at most 1. Below the floor there is no surface to speak of, and the light fades instead of flickering.
 * - Front to back: colour += transmittance * alpha * colour of the sample; transmittance *= 1 - alpha. The background is seen
 *   through what transmittance is left.
 */
import type { RenderLook } from "./kernel-runner.ts";

/** A kernel may stop where less than this is left: half a level of 255. The reference never stops. */
export const leastTransmittance = 1 / 512;

/** Real-world units per mm: a thousandth of the values that the look tells apart. */
export function gradientFloorPerMm({ points }: RenderLook): number {
  return Math.max((points.at(-1)!.value - points[0]!.value) / 1000, 1e-6);
}

/** @throws RangeError for a look without points, or whose points' values do not rise. */
export function requireLook({ points }: RenderLook): void {
  if (points.length === 0) throw new RangeError("a look needs a point");
  const falls = points.some((point, index) => index > 0 && !(point.value > points[index - 1]!.value));
  if (falls || !points.every((point) => Number.isFinite(point.value)))
    throw new RangeError("the values of a look's points must rise");
}
