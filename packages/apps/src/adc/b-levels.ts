/** The volumes of one b-value are one level: their geometric mean is the trace-weighted signal. */
import type { VolumePlan } from "@releve/domain/series-split";
import type { Vec3 } from "@releve/domain/vec3";
import { bValueOf } from "./diffusion-volumes.ts";

export type BLevel = {
  readonly bValue: number;
  /** Positions in the list of plans. */
  readonly volumes: readonly number[];
};

/** Ascending; b-values below `bValueMin` are left out. All plans have a b-value. */
export function bLevels(plans: readonly VolumePlan[], bValueMin: number): readonly BLevel[] {
  const kept = [...plans.entries()].filter(([, plan]) => bValueOf(plan)! >= bValueMin);
  return [...Map.groupBy(kept, ([, plan]) => bValueOf(plan)!)]
    .map(([bValue, members]) => ({ bValue, volumes: members.map(([index]) => index) }))
    .toSorted((a, b) => a.bValue - b.bValue);
}

/** How far the mean of the squared components may be from a third, and of their products from zero. */
const spreadTolerance = 0.02;

/**
 * Whether the mean over the level's directions is a third of the trace of the diffusion tensor: the mean of g g^T is then a
 * third of the identity, as for three at right angles or for many spread evenly. `unknown` where a volume says no direction:
 * it may be a trace already.
 */
export function directionSpread(
  { volumes }: BLevel,
  plans: readonly VolumePlan[],
): "even" | "uneven" | "unknown" {
  const directions = volumes.map((index) => directionOf(plans[index]!));
  if (directions.some((direction) => direction === undefined)) return "unknown";
  const mean = (a: number, b: number) =>
    directions.reduce((sum, direction) => sum + direction![a]! * direction![b]!, 0) / directions.length;
  const diagonal = [0, 1, 2].every((axis) => Math.abs(mean(axis, axis) - 1 / 3) <= spreadTolerance);
  const others = [mean(0, 1), mean(0, 2), mean(1, 2)].every((value) => Math.abs(value) <= spreadTolerance);
  return diagonal && others ? "even" : "uneven";
}

function directionOf({ split }: VolumePlan): Vec3 | undefined {
  const parts = typeof split["gradient"] === "string" ? split["gradient"].split("\\").map(Number) : [];
  const size = Math.hypot(...parts);
  if (parts.length !== 3 || !(size > 0)) return undefined;
  return parts.map((part) => part / size) as unknown as Vec3;
}
