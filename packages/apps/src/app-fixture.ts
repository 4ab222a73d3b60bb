/** A small volume and its plan for the applications' tests: known values, an oblique grid, no files. */
import type { VolumePlan } from "@releve/domain/series-split";
import type { GridGeometry, Volume } from "@releve/domain/volume";

export const grid: GridGeometry = {
  columns: 12,
  rows: 10,
  slices: 8,
  originLps: [-6, -5, 20],
  columnStepLps: [0.9, 0, 0.1],
  rowStepLps: [0, 1, 0],
  sliceStepLps: [-0.2, 0, 1.8],
};

/** Stored values of a fixed pattern, with slope and intercept that a mistake would show. */
export function patternVolume(geometry: GridGeometry = grid): Volume {
  const { columns, rows, slices } = geometry;
  const values = new Int16Array(new SharedArrayBuffer(columns * rows * slices * 2));
  for (let index = 0; index < values.length; index++) values[index] = ((index * 7919) % 2003) - 1000;
  return { geometry, voxels: { kind: "stored", values, slope: 0.5, intercept: -24 } };
}

export const planOf = (geometry: GridGeometry = grid, more: Partial<VolumePlan> = {}): VolumePlan => ({
  studyInstanceUid: "1.2.3",
  seriesInstanceUid: "1.2.3.4",
  modality: "CT",
  sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
  split: {},
  imageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
  geometry,
  regular: true,
  slices: [],
  findings: [],
  ...more,
});

/** The same value, or both outside the volume. */
export function differences(
  computed: ArrayLike<number>,
  reference: ArrayLike<number>,
  tolerance: number,
): number {
  let different = 0;
  for (let index = 0; index < reference.length; index++) {
    const [a, b] = [computed[index]!, reference[index]!];
    const same = Number.isNaN(a) ? Number.isNaN(b) : Math.abs(a - b) <= tolerance;
    if (!same) different += 1;
  }
  return different;
}
