/**
 * Views around what is to be seen: parallel rays, one matrix for all of them so that they run as a film, each beginning in
 * front of everything and ending behind it.
 */
import { add, length, scale, subtract, type Vec3 } from "@releve/domain/vec3";
import type { GridGeometry } from "@releve/domain/volume";
import type { RenderView } from "@releve/kernels/kernel-runner";
import { patientOrientations } from "../geometry/orientation.ts";
import { boxAround, type Box } from "../geometry/patient-box.ts";
import { countWithin, mm } from "../geometry/plane-stack.ts";
import type { RenderingParameters } from "./parameters.ts";

export type ViewSet = {
  readonly views: readonly RenderView[];
  readonly stepMm: number;
  readonly spacingMm: number;
  readonly limits: readonly string[];
};

/** @returns undefined where the clipping box leaves nothing of the volume. */
export function renderViews(grid: GridGeometry, parameters: RenderingParameters): ViewSet | undefined {
  const kept = within(boxAround(grid, patientOrientations.axial), parameters.clip?.box);
  if (!kept) return undefined;
  const frame = frameAround(kept, grid, parameters);
  const { views, arcDegrees, startDegrees, sizeMax } = parameters;
  const stepDegrees = views > 1 ? arcDegrees / (arcDegrees === 360 ? views : views - 1) : 0;
  return {
    views: Array.from({ length: views }, (_, index) => viewAt(frame, startDegrees + index * stepDegrees)),
    stepMm: frame.stepMm,
    spacingMm: frame.spacingMm,
    limits:
      frame.spacingMm > frame.finestMm * (1 + 1e-9)
        ? [
            `Pixels of ${mm(frame.spacingMm)} instead of ${mm(frame.finestMm)}: at most ${sizeMax} a row or column.`,
          ]
        : [],
  };
}

function within(
  volume: Box,
  box: { readonly lowLps: Vec3; readonly highLps: Vec3 } | undefined,
): Box | undefined {
  if (!box) return volume;
  const axes = [0, 1, 2] as const;
  const low = axes.map((axis) => Math.max(volume.low[axis], box.lowLps[axis])) as unknown as Vec3;
  const high = axes.map((axis) => Math.min(volume.high[axis], box.highLps[axis])) as unknown as Vec3;
  return axes.every((axis) => low[axis] < high[axis]) ? { low, high } : undefined;
}

type Frame = {
  readonly centre: Vec3;
  readonly axis: RenderingParameters["axis"];
  /** Half of the extent across the axis, and along it, mm. */
  readonly radiusMm: number;
  readonly halfLengthMm: number;
  readonly finestMm: number;
  readonly spacingMm: number;
  readonly stepMm: number;
};

function frameAround(kept: Box, grid: GridGeometry, { axis, sizeMax }: RenderingParameters): Frame {
  const centre = scale(add(kept.low, kept.high), 0.5);
  const half = subtract(kept.high, centre);
  const along = axis === "feet-head" ? 2 : 0;
  const across = half.filter((_, index) => index !== along);
  const radiusMm = Math.hypot(...across);
  const halfLengthMm = half[along];
  const finestMm = Math.min(...[grid.columnStepLps, grid.rowStepLps, grid.sliceStepLps].map(length));
  const spacingMm = Math.max(finestMm, (2 * Math.max(radiusMm, halfLengthMm)) / (sizeMax - 1));
  // One sample per voxel along its finest side: half of that changes a frame by less than the eye sees, for twice the work.
  return { centre, axis, radiusMm, halfLengthMm, finestMm, spacingMm, stepMm: finestMm };
}

/**
 * From the front at 0 degrees. Around the long axis the next ones come from the patient's left; around the right-left axis
 * from the head.
 */
function viewAt(frame: Frame, angleDegrees: number): RenderView {
  const angle = (angleDegrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const turns = frame.axis === "feet-head";
  const row: Vec3 = turns ? [cos, sin, 0] : [1, 0, 0];
  const down: Vec3 = turns ? [0, 0, -1] : [0, -sin, -cos];
  const into: Vec3 = turns ? [-sin, cos, 0] : [0, cos, -sin];
  const { radiusMm, halfLengthMm, spacingMm, stepMm, centre } = frame;
  const columns = countWithin(2 * (turns ? radiusMm : halfLengthMm), spacingMm);
  const rows = countWithin(2 * (turns ? halfLengthMm : radiusMm), spacingMm);
  const steps = countWithin(2 * radiusMm, stepMm);
  const toCorner = add(
    scale(row, (-(columns - 1) / 2) * spacingMm),
    scale(down, (-(rows - 1) / 2) * spacingMm),
  );
  const toFront = scale(into, (-(steps - 1) / 2) * stepMm);
  return {
    plane: {
      columns,
      rows,
      originLps: add(add(centre, toCorner), toFront),
      columnStepLps: scale(row, spacingMm),
      rowStepLps: scale(down, spacingMm),
    },
    stepLps: scale(into, stepMm),
    steps,
  };
}
