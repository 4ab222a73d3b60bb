/** The views of the benchmark, as ours and as VTK take them. */
import { add, cross, normalize, scale, type Vec3 } from "@releve/domain/vec3";
import type { PlaneGeometry, Volume } from "@releve/domain/volume";

export const pixels = 512;

export type View = { readonly right: Vec3; readonly down: Vec3; readonly through: Vec3 };

const view = (through: Vec3, down: Vec3): View => {
  const axis = normalize(through);
  const right = normalize(cross(down, axis));
  return { right, down: cross(axis, right), through: axis };
};

/** From the front and a little above, from the side, and askew to every axis. */
export const views = [
  view([0.1, 1, 0.2], [0, 0, -1]),
  view([1, 0.15, 0.1], [0, 0, -1]),
  view([0.6, 0.5, 0.62], [0.1, -0.2, -1]),
];

export type Place = {
  readonly plane: PlaneGeometry;
  readonly stepLps: Vec3;
  readonly vtk: Readonly<Record<string, unknown>>;
};

/** The plane through the middle of the volume, or `before` mm before it. */
export function placeOf(
  { geometry }: Volume,
  { right, down, through }: View,
  stepMm: number,
  before: number,
): Place {
  const { columns, rows, slices, columnStepLps, rowStepLps, sliceStepLps } = geometry;
  const far = add(
    add(scale(columnStepLps, columns - 1), scale(rowStepLps, rows - 1)),
    scale(sliceStepLps, slices - 1),
  );
  const corner = scale(add(right, down), (-stepMm * (pixels - 1)) / 2);
  const originLps = add(add(scale(far, 0.5), corner), scale(through, -before));
  return {
    plane: {
      columns: pixels,
      rows: pixels,
      originLps,
      columnStepLps: scale(right, stepMm),
      rowStepLps: scale(down, stepMm),
    },
    stepLps: scale(through, stepMm),
    vtk: { origin: originLps, right, down, through, columns: pixels, rows: pixels, pixelMm: stepMm },
  };
}
