/** Paints a plane through a scene of ellipsoids, later ones over earlier ones. */
import { dot, scale, subtract, add, type Vec3 } from "@releve/domain/vec3";
import type { PlaneGeometry } from "@releve/domain/volume";

/** Axes along L, P and S. */
export type Ellipsoid<Material> = {
  readonly centerLps: Vec3;
  readonly radiiMm: Vec3;
  readonly material: Material;
};

/** Values in row order. The pixels where an ellipsoid begins and ends along a row are blended by how much of them it covers. */
export function paintPlane<Material>(
  plane: PlaneGeometry,
  scene: readonly Ellipsoid<Material>[],
  valueOf: (material: Material) => number,
  background: number,
): Float32Array {
  const values = new Float32Array(plane.columns * plane.rows).fill(background);
  for (const ellipsoid of scene) {
    const value = valueOf(ellipsoid.material);
    for (let row = 0; row < plane.rows; row++) paintRow(values, plane, row, ellipsoid, value);
  }
  return values;
}

function paintRow(
  values: Float32Array,
  plane: PlaneGeometry,
  row: number,
  { centerLps, radiiMm }: Ellipsoid<unknown>,
  value: number,
): void {
  // In units of the radii the ellipsoid is the unit sphere, and the row a line: start + column * step.
  const start = unit(subtract(add(plane.originLps, scale(plane.rowStepLps, row)), centerLps), radiiMm);
  const step = unit(plane.columnStepLps, radiiMm);
  const a = dot(step, step);
  const b = dot(start, step);
  const discriminant = b * b - a * (dot(start, start) - 1);
  if (discriminant <= 0) return;
  const first = (-b - Math.sqrt(discriminant)) / a;
  const last = (-b + Math.sqrt(discriminant)) / a;
  const end = Math.min(plane.columns - 1, Math.ceil(last));
  for (let column = Math.max(0, Math.floor(first)); column <= end; column++) {
    const covered = Math.min(last, column + 0.5) - Math.max(first, column - 0.5);
    if (covered <= 0) continue;
    const at = row * plane.columns + column;
    values[at] = values[at]! + (value - values[at]!) * Math.min(1, covered);
  }
}

const unit = (a: Vec3, radii: Vec3): Vec3 => [a[0] / radii[0], a[1] / radii[1], a[2] / radii[2]];
