/**
 * The object of the self-tests: an ellipsoid with a soft edge in a ramp, on a tilted grid with unequal steps, stored with a
 * slope that is no whole number. Small, so that its test takes milliseconds, and without symmetry, so that a swapped axis shows.
 */
import { add, cross, normalize, scale, type Vec3 } from "@releve/domain/vec3";
import { voxelToLps, type GridGeometry, type PlaneGeometry, type Volume } from "@releve/domain/volume";
import type { RenderLook } from "../kernel-runner.ts";

const [columns, rows, slices] = [24, 20, 18];

const geometry: GridGeometry = {
  columns,
  rows,
  slices,
  originLps: [-61, 43, -310],
  columnStepLps: [0.8, 0.1, 0],
  rowStepLps: [-0.1, 0.8, 0.2],
  sliceStepLps: [0, -0.25, 1.1],
};

/** Real-world values from about -900 to 700. */
function storedAt(column: number, row: number, slice: number): number {
  const [x, y, z] = [(column - 11) / 7, (row - 9) / 6, (slice - 8) / 5];
  const inside = 1 / (1 + Math.exp(4 * (x * x + y * y + z * z - 1)));
  return Math.round((1000 * inside + 7 * column - 5 * row + 3 * slice - 800 + 1024) / 0.5);
}

function voxels(): Int16Array {
  const values = new Int16Array(new SharedArrayBuffer(columns * rows * slices * 2));
  let index = 0;
  for (let slice = 0; slice < slices; slice++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) values[index++] = storedAt(column, row, slice);
  return values;
}

/** Twice the same object: stored values and real ones may be another engine's. Both hold the same numbers exactly. */
export function knownVolumes(): readonly [Volume, Volume] {
  const values = voxels();
  const [slope, intercept] = [0.5, -1024];
  const real = Float32Array.from(values, (value) => value * slope + intercept);
  return [
    { geometry, voxels: { kind: "stored", values, slope, intercept } },
    { geometry, voxels: { kind: "real", values: real } },
  ];
}

const right = scale(normalize([0.83, 0.31, -0.21]), 1.13);
const through = normalize(cross(right, [0.13, 0.57, 0.79]));
const down = scale(cross(through, normalize(right)), 1.07);

/** Samples along each ray, half a millimetre apart. */
export const knownSteps = 37;
export const knownStepLps: Vec3 = scale(through, 0.53);

/** Through the middle of the object, oblique to every axis; its corners lie outside of the volume. */
export function knownPlane(): PlaneGeometry {
  const middle = voxelToLps(geometry, 11.37, 9.41, 8.23);
  const corner = add(scale(right, -9.7), scale(down, -8.8));
  return { columns: 20, rows: 18, originLps: add(middle, corner), columnStepLps: right, rowStepLps: down };
}

export const knownLook: RenderLook = {
  points: [
    { value: -500, rgb: [0.9, 0.3, 0.1], opacityPerMm: 0 },
    { value: -100, rgb: [0.9, 0.7, 0.2], opacityPerMm: 0.08 },
    { value: 200, rgb: [1, 0.95, 0.9], opacityPerMm: 0.6 },
  ],
  ambient: 0.25,
  diffuse: 0.65,
  specular: 0.25,
  shininess: 14,
  backgroundRgb: [0.05, 0.1, 0.2],
  clip: [
    {
      normalLps: normalize([0.4, 0.8, 0.5]),
      offsetMm: 0,
    },
  ],
};
