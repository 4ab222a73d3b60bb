/**
 * The straightened reformat, slow and obvious, by other means than compute.ts: the spline by its pyramid of interpolations
 * (Barry and Goldman 1988) instead of cubics, lengths by a fine polyline, frames carried by projection in tiny steps, samples
 * in float64.
 */
import { add, cross, dot, length, normalize, scale, subtract, type Vec3 } from "@releve/domain/vec3";
import { lpsToVoxel, type Volume } from "@releve/domain/volume";
import { sampleReference } from "@releve/kernels/reference/sample-reference";

const looksPerStretch = 4000;

/** @returns `rows` rows of `2 * half + 1` values, NaN outside. */
export function straightenedReference(
  volume: Volume,
  pathLps: readonly Vec3[],
  image: { readonly rows: number; readonly half: number; readonly spacingMm: number; readonly angle: number },
): Float64Array {
  const { rows, half, spacingMm, angle } = image;
  const looks = finely(pathLps);
  const toVoxel = lpsToVoxel(volume.geometry);
  const values: number[] = [];
  const firstTangent = normalize(subtract(looks[1]!, looks[0]!));
  let across = normalize(perpendicular([1, 0, 0], firstTangent));
  let walkedMm = 0;
  for (let index = 1; index < looks.length && values.length < rows * (2 * half + 1); index++) {
    const [from, to] = [looks[index - 1]!, looks[index]!];
    const tangent = normalize(subtract(to, from));
    across = normalize(perpendicular(across, tangent));
    const stepMm = length(subtract(to, from));
    const row = values.length / (2 * half + 1);
    if (row * spacingMm <= walkedMm + stepMm) {
      const centre = add(from, scale(tangent, row * spacingMm - walkedMm));
      const direction = add(scale(across, Math.cos(angle)), scale(cross(tangent, across), Math.sin(angle)));
      for (let column = -half; column <= half; column++)
        values.push(sampleReference(volume, toVoxel(add(centre, scale(direction, column * spacingMm)))));
    }
    walkedMm += stepMm;
  }
  return Float64Array.from(values);
}

const perpendicular = (vector: Vec3, to: Vec3): Vec3 => subtract(vector, scale(to, dot(vector, to)));

/** Many points of the curve, stretch by stretch. */
export function finely(points: readonly Vec3[]): readonly Vec3[] {
  const looks: Vec3[] = [points[0]!];
  for (let stretch = 0; stretch + 1 < points.length; stretch++) {
    const first = Math.max(stretch - 1, 0);
    const around = points.slice(first, stretch + 3);
    for (let look = 1; look <= looksPerStretch; look++)
      looks.push(pyramid(around, stretch - first, look / looksPerStretch));
  }
  return looks;
}

/** Of two to four points the curve after the one at `stretch`: a line, a parabola, or two parabolas of which one fades into the other. */
function pyramid(points: readonly Vec3[], stretch: number, part: number): Vec3 {
  const knots = [0];
  for (let index = 1; index < points.length; index++)
    knots.push(knots[index - 1]! + Math.sqrt(length(subtract(points[index]!, points[index - 1]!))));
  const [begin, end] = [knots[stretch]!, knots[stretch + 1]!];
  const time = begin + part * (end - begin);
  let level: readonly Vec3[] = points;
  for (let span = 1; span <= Math.min(2, points.length - 1); span++)
    level = level.slice(1).map((point, index) => {
      const [from, to] = [knots[index]!, knots[index + span]!];
      return add(scale(level[index]!, (to - time) / (to - from)), scale(point, (time - from) / (to - from)));
    });
  const [before, after] = level;
  return after ? add(scale(before!, 1 - part), scale(after, part)) : before!;
}
