/** A gantry tilt shows as a shear: the slices are piled in another direction than their normal. */
import type { Finding } from "@releve/domain/series-split";
import { dot, length, scale, subtract, type Vec3 } from "@releve/domain/vec3";
import { finding } from "./finding.ts";
import type { ImageFrame } from "./image-frame.ts";

/** Below this the positions' rounding could feign it; over 200 mm it moves the last slice by 0.3 mm. */
const minDegrees = 0.1;
/** How far the written tilt may be from the measured one. */
const sameDegrees = 0.5;

export function tiltFindings(frames: readonly ImageFrame[], step: Vec3, normal: Vec3): Finding[] {
  const alongMm = dot(step, normal);
  const degrees = (Math.atan2(length(subtract(step, scale(normal, alongMm))), alongMm) * 180) / Math.PI;
  const written = frames[0]!.tiltDegrees ?? 0;
  if (degrees >= minDegrees) {
    return [
      finding(
        "GANTRY_TILT",
        `The slices are sheared by ${degrees.toFixed(1)} degrees, as by a tilted gantry; the grid keeps the shear, which corrects it.`,
        { degrees, ...(written === 0 ? {} : { writtenDegrees: written }) },
      ),
    ];
  }
  if (Math.abs(written) <= sameDegrees) return [];
  return [
    finding(
      "TILT_DISAGREES",
      `Gantry/Detector Tilt says ${written} degrees and the positions show no shear; the positions count.`,
      { degrees, writtenDegrees: written },
    ),
  ];
}
