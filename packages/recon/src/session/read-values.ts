/** Values at a place, in the unit that the page shows: trilinear, as the picture has them. */
import { add, cross, length, normalize, scale, subtract, type Vec3 } from "@releve/domain/vec3";
import type { PlaneGeometry } from "@releve/domain/volume";
import type { KernelRunner } from "@releve/kernels/kernel-runner";
import type { Annotation } from "@releve/wire/session/view-state";
import { onlyOne } from "./draw-frame.ts";
import type { SessionVolume } from "./session-volume.ts";

/** Null: outside the volume, or nothing was measured there. */
export async function probe(runner: KernelRunner, of: SessionVolume, pointLps: Vec3): Promise<number | null> {
  const plane: PlaneGeometry = {
    columns: 1,
    rows: 1,
    originLps: pointLps,
    columnStepLps: [1, 0, 0],
    rowStepLps: [0, 1, 0],
  };
  const { values } = await onlyOne(runner.reslice(of.volume, [plane]));
  return Number.isNaN(values[0]!) ? null : values[0]! * of.factor;
}

export type CircleStatistics = {
  readonly count: number;
  readonly mean: number;
  /** Of the sample (n - 1); 0 for one value. */
  readonly deviation: number;
  readonly least: number;
  readonly most: number;
};

type Circle = Extract<Annotation, { kind: "circle" }>;

/** So many samples across at most: a larger circle is sampled more coarsely. */
const acrossMost = 256;
const finestSampleMm = 0.5;

/** Over a square grid within the circle. Undefined where no value lies in it. */
export async function circleStatistics(
  runner: KernelRunner,
  of: SessionVolume,
  { pointsLps: [centre, edge], normalLps }: Circle,
): Promise<CircleStatistics | undefined> {
  const radiusMm = length(subtract(edge, centre));
  if (!(radiusMm > 0) || length(cross(normalLps, subtract(edge, centre))) === 0) return undefined;
  const right = normalize(subtract(edge, centre));
  const down = normalize(cross(normalLps, right));
  const side = Math.min(acrossMost, Math.max(3, 2 * Math.ceil(radiusMm / finestSampleMm) + 1));
  const stepMm = (2 * radiusMm) / (side - 1);
  const plane: PlaneGeometry = {
    columns: side,
    rows: side,
    originLps: subtract(centre, scale(add(right, down), radiusMm)),
    columnStepLps: scale(right, stepMm),
    rowStepLps: scale(down, stepMm),
  };
  const { values } = await onlyOne(runner.reslice(of.volume, [plane]));
  return summary(insideOf(values, side).map((value) => value * of.factor));
}

function insideOf(values: Float32Array, side: number): number[] {
  const middle = (side - 1) / 2;
  const inside: number[] = [];
  values.forEach((value, at) => {
    const [x, y] = [(at % side) - middle, Math.floor(at / side) - middle];
    if (x * x + y * y <= middle * middle && !Number.isNaN(value)) inside.push(value);
  });
  return inside;
}

function summary(values: readonly number[]): CircleStatistics | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count,
    mean,
    deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : 0,
    least: Math.min(...values),
    most: Math.max(...values),
  };
}
