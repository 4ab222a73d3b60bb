/**
 * The images as rows: each row is a line through the patient of its own, a plane of one row to the kernels. From top to bottom
 * the rows follow the path. Pure geometry.
 */
import { add, dot, length, normalize, scale, subtract, type Vec3 } from "@releve/domain/vec3";
import type { PlaneGeometry } from "@releve/domain/volume";
import { countWithin } from "../geometry/plane-stack.ts";
import type { PathFrame } from "./path-frames.ts";
import type { Path } from "./path.ts";

/** Every row has as many columns. */
export type CurvedImage = { readonly columns: number; readonly rows: readonly PlaneGeometry[] };

/** Straightened (Kanitsar et al., IEEE Visualization 2002): rows perpendicular to the path, which runs down the middle column. */
export function straightenedImage(
  frames: readonly PathFrame[],
  widthMm: number,
  spacingMm: number,
  angle: number,
): CurvedImage {
  const half = Math.max(1, Math.round(widthMm / 2 / spacingMm));
  const columns = 2 * half + 1;
  const rows = frames.map(({ pointLps, across, binormal, tangent }) => {
    const direction = add(scale(across, Math.cos(angle)), scale(binormal, Math.sin(angle)));
    return rowOf(
      columns,
      spacingMm,
      subtract(pointLps, scale(direction, half * spacingMm)),
      direction,
      tangent,
    );
  });
  return { columns, rows };
}

/** The path is looked up this many times a pixel: its way across the rows is summed from there. */
const looksPerPixel = 8;

/**
 * Stretched (the same): rows along one direction through the path; the surface that they make is rolled out flat, so that every
 * length on it is kept. From row to row the path goes one pixel across the direction, and as far along it as it likes.
 * @returns undefined where the path runs along the direction, so that there is nothing to roll out.
 */
export function stretchedImage(
  path: Path,
  alongLps: Vec3,
  widthMm: number,
  spacingMm: number,
): CurvedImage | undefined {
  const along = normalize(alongLps);
  const count = Math.max(2, Math.ceil((path.lengthMm / spacingMm) * looksPerPixel));
  const looks = Array.from(
    { length: count + 1 },
    (_, index) => path.at((index * path.lengthMm) / count).pointLps,
  );
  const heights = looks.map((point) => dot(point, along));
  const feet = looks.map((point, index) => subtract(point, scale(along, heights[index]!)));
  const [low, high] = [Math.min(...heights) - widthMm / 2, Math.max(...heights) + widthMm / 2];
  const columns = countWithin(high - low, spacingMm);
  const starts = everySpacing(feet, spacingMm);
  if (starts.length < 2) return undefined;
  const rows = starts.map(({ foot, onward }) =>
    rowOf(columns, spacingMm, add(foot, scale(along, low)), along, onward),
  );
  return { columns, rows };
}

/** Points on a polyline that are equally far apart along it, with the direction in which it goes on. */
function everySpacing(points: readonly Vec3[], spacingMm: number): { foot: Vec3; onward: Vec3 }[] {
  const found: { foot: Vec3; onward: Vec3 }[] = [];
  let walkedMm = 0;
  for (let index = 1; index < points.length; index++) {
    const [from, to] = [points[index - 1]!, points[index]!];
    const stepMm = length(subtract(to, from));
    if (stepMm < 1e-12) continue;
    const onward = scale(subtract(to, from), 1 / stepMm);
    for (; found.length * spacingMm <= walkedMm + stepMm;)
      found.push({ foot: add(from, scale(onward, found.length * spacingMm - walkedMm)), onward });
    walkedMm += stepMm;
  }
  return found;
}

const rowOf = (
  columns: number,
  spacingMm: number,
  originLps: Vec3,
  direction: Vec3,
  onward: Vec3,
): PlaneGeometry => ({
  columns,
  rows: 1,
  originLps,
  columnStepLps: scale(direction, spacingMm),
  rowStepLps: scale(onward, spacingMm),
});
