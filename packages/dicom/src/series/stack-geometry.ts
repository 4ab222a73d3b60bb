/** The affine grid of slices in order, and what about it a reader must know. */
import type { Finding } from "@releve/domain/series-split";
import { dot, length, scale, subtract, type Vec3 } from "@releve/domain/vec3";
import type { GridGeometry } from "@releve/domain/volume";
import { finding } from "./finding.ts";
import { sliceNormal } from "./group-frames.ts";
import type { ImageFrame } from "./image-frame.ts";
import { spacingFindings } from "./spacing-findings.ts";
import { tiltFindings } from "./tilt-findings.ts";

export type StackGeometry = {
  readonly geometry: GridGeometry;
  readonly regular: boolean;
  readonly findings: readonly Finding[];
};

/**
 * How far a slice may lie from its place in the even grid, mm: 0.02, twice the rounding and jitter of 0.01 that scanners
 * write, or a hundredth of the step, which moves a value by at most a hundredth of the difference between two slices.
 */
const toleranceMm = (stepMm: number): number => Math.max(0.02, 0.01 * stepMm);

/** Frames in order along the normal, one at each position. */
export function stackGeometry(frames: readonly ImageFrame[]): StackGeometry {
  const normal = sliceNormal(frames[0]!);
  if (frames.length === 1) return singleSlice(frames[0]!, normal);
  const origins = frames.map(({ plane }) => plane.originLps);
  const step = scale(subtract(origins.at(-1)!, origins[0]!), 1 / (frames.length - 1));
  const offsets = origins.map((origin, index) => subtract(subtract(origin, origins[0]!), scale(step, index)));
  const tolerance = toleranceMm(dot(step, normal));
  const uneven = Math.max(...offsets.map((offset) => Math.abs(dot(offset, normal)))) > tolerance;
  const sidewaysMm = Math.max(...offsets.map((offset) => sideways(offset, step, normal)));
  return {
    geometry: gridOf(frames, step),
    regular: !uneven && sidewaysMm <= tolerance,
    findings: [
      ...spacingFindings(
        frames,
        origins.map((origin) => dot(origin, normal)),
        length(step),
        uneven,
      ),
      ...(sidewaysMm > tolerance
        ? [
            finding("SLICES_SHIFTED", "The slices do not lie on one straight line.", {
              maxShiftMm: sidewaysMm,
            }),
          ]
        : []),
      ...tiltFindings(frames, step, normal),
    ],
  };
}

/** How far an offset leads away from the line along which the slices are piled, mm. */
function sideways(offset: Vec3, step: Vec3, normal: Vec3): number {
  return length(subtract(offset, scale(step, dot(offset, normal) / dot(step, normal))));
}

function singleSlice(frame: ImageFrame, normal: Vec3): StackGeometry {
  const thicknessMm = frame.thicknessMm ?? frame.spacingBetweenSlicesMm;
  const known = thicknessMm !== undefined && thicknessMm > 0;
  return {
    geometry: gridOf([frame], scale(normal, known ? thicknessMm : 1)),
    regular: true,
    findings: [
      finding(
        "SINGLE_SLICE",
        known ? "It is one slice." : "It is one slice of unknown thickness; 1 mm stands for it.",
        known ? { thicknessMm } : {},
      ),
    ],
  };
}

function gridOf(frames: readonly ImageFrame[], sliceStepLps: Vec3): GridGeometry {
  const { plane } = frames[0]!;
  return {
    columns: plane.columns,
    rows: plane.rows,
    slices: frames.length,
    originLps: plane.originLps,
    columnStepLps: plane.columnStepLps,
    rowStepLps: plane.rowStepLps,
    sliceStepLps,
  };
}
