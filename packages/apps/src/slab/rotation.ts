/**
 * Views around the patient's long axis: every plane passes through the middle of the volume's box, every ray crosses the whole
 * of it. All views share one matrix, so that they run as a film.
 */
import { add, length, scale, subtract, type Vec3 } from "@releve/domain/vec3";
import type { GridGeometry, PlaneGeometry } from "@releve/domain/volume";
import { inPlaneSpacingMm } from "../geometry/grid-facts.ts";
import { patientOrientations } from "../geometry/orientation.ts";
import { boxAround, cornersLps, pointAlong } from "../geometry/patient-box.ts";
import { countWithin, mm } from "../geometry/plane-stack.ts";
import type { RotatingParameters } from "./parameters.ts";
import type { SlabSet } from "./slab-set.ts";

/** A film of larger pictures costs four times the work and shows no more: vessels are seen in the cut planes. */
const matrixMax = 512;

export function rotatingSlabs(grid: GridGeometry, { views, arcDegrees }: RotatingParameters): SlabSet {
  const frame = frameAround(grid);
  const planes = Array.from({ length: views }, (_, view) => viewPlane(frame, (view * arcDegrees) / views));
  // Half a turn later the same rays are seen from behind: those views need no computing.
  const computed = arcDegrees === 360 && views % 2 === 0 ? views / 2 : views;
  const steps = countWithin(2 * frame.radiusMm, frame.stepMm);
  return {
    slabs: planes.slice(0, computed).map(({ plane, direction }) => ({
      plane,
      stepLps: scale(direction, frame.stepMm),
      steps,
    })),
    mirrored: planes.slice(computed).map(({ plane }, of) => ({ plane, of })),
    thicknessMm: Math.max(steps - 1, 1) * frame.stepMm,
    limits:
      frame.spacingMm > frame.stepMm * (1 + 1e-9)
        ? [
            `Pixels of ${mm(frame.spacingMm)} instead of ${mm(frame.stepMm)}: at most ${matrixMax} a row or column.`,
          ]
        : [],
  };
}

type Frame = {
  readonly centre: Vec3;
  readonly radiusMm: number;
  readonly heightMm: number;
  readonly spacingMm: number;
  readonly stepMm: number;
};

function frameAround(grid: GridGeometry): Frame {
  const { low, high } = boxAround(grid, patientOrientations.axial);
  const centre = pointAlong(patientOrientations.axial, scale(add(low, high), 0.5));
  const fromAxis = cornersLps(grid).map((corner) => {
    const [x, y] = subtract(corner, centre);
    return length([x, y, 0]);
  });
  const radiusMm = Math.max(...fromAxis);
  const heightMm = high[2] - low[2];
  const stepMm = inPlaneSpacingMm(grid);
  const spacingMm = Math.max(stepMm, Math.max(2 * radiusMm, heightMm) / (matrixMax - 1));
  return { centre, radiusMm, heightMm, spacingMm, stepMm };
}

/** Seen from the front at 0 degrees, from the patient's left at 90: rows turn from left towards the back. */
function viewPlane(frame: Frame, angleDegrees: number): { plane: PlaneGeometry; direction: Vec3 } {
  const angle = (angleDegrees * Math.PI) / 180;
  const row: Vec3 = [Math.cos(angle), Math.sin(angle), 0];
  const down: Vec3 = [0, 0, -1];
  const columns = countWithin(2 * frame.radiusMm, frame.spacingMm);
  const rows = countWithin(frame.heightMm, frame.spacingMm);
  const toCorner = add(
    scale(row, -((columns - 1) / 2) * frame.spacingMm),
    scale(down, -((rows - 1) / 2) * frame.spacingMm),
  );
  const plane = {
    columns,
    rows,
    originLps: add(frame.centre, toCorner),
    columnStepLps: scale(row, frame.spacingMm),
    rowStepLps: scale(down, frame.spacingMm),
  };
  return { plane, direction: [-Math.sin(angle), Math.cos(angle), 0] };
}
