/**
 * The head phantom of Shepp and Logan (1974) in three dimensions, with the contrast of Toft (1996): sums of ellipsoids, so that
 * the density at a point and the integral along a line are closed forms. Millimetres, 100 to the unit of the papers.
 */
import type { Vec3 } from "@releve/domain/vec3";

/** Density, half axes, centre, and the turn about the long axis in degrees. */
type Ellipsoid = readonly [number, Vec3, Vec3, number];

const ellipsoids: readonly Ellipsoid[] = [
  [1, [69, 92, 81], [0, 0, 0], 0],
  [-0.8, [66.24, 87.4, 78], [0, -1.84, 0], 0],
  [-0.2, [11, 31, 22], [22, 0, 0], -18],
  [-0.2, [16, 41, 28], [-22, 0, 0], 18],
  [0.1, [21, 25, 41], [0, 35, -15], 0],
  [0.1, [4.6, 4.6, 5], [0, 10, 25], 0],
  [0.1, [4.6, 4.6, 5], [0, -10, 25], 0],
  [0.1, [4.6, 2.3, 5], [-8, -60.5, 0], 0],
  [0.1, [2.3, 2.3, 2], [0, -60.6, 0], 0],
  [0.1, [2.3, 4.6, 2], [6, -60.5, 0], 0],
];

const turned = ellipsoids.map(([density, axes, centre, degrees]) => {
  const radians = (degrees * Math.PI) / 180;
  return { density, axes, centre, cosine: Math.cos(radians), sine: Math.sin(radians) };
});

export const densityAt = (point: Vec3): number =>
  turned.reduce((sum, { density, axes, centre, cosine, sine }) => {
    const [x, y, z] = [point[0] - centre[0], point[1] - centre[1], point[2] - centre[2]];
    const [a, b, c] = [x * cosine + y * sine, y * cosine - x * sine, z];
    return Math.hypot(a / axes[0], b / axes[1], c / axes[2]) <= 1 ? sum + density : sum;
  }, 0);

/**
 * Density times mm along the whole line through `point`; `direction` has length 1. Each ellipsoid is the unit sphere in a
 * frame of its own. Numbers and no vectors: a cone's projections are half a million of these.
 */
export function lineIntegral(point: Vec3, direction: Vec3): number {
  let sum = 0;
  for (const { density, axes, centre, cosine, sine } of turned) {
    const x = point[0] - centre[0];
    const y = point[1] - centre[1];
    const px = (x * cosine + y * sine) / axes[0];
    const py = (y * cosine - x * sine) / axes[1];
    const pz = (point[2] - centre[2]) / axes[2];
    const dx = (direction[0] * cosine + direction[1] * sine) / axes[0];
    const dy = (direction[1] * cosine - direction[0] * sine) / axes[1];
    const dz = direction[2] / axes[2];
    const square = dx * dx + dy * dy + dz * dz;
    const half = px * dx + py * dy + pz * dz;
    const discriminant = half * half - square * (px * px + py * py + pz * pz - 1);
    if (discriminant > 0) sum += (density * 2 * Math.sqrt(discriminant)) / square;
  }
  return sum;
}
