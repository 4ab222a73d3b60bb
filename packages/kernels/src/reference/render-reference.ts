/** Volume rendering in float64: every sample of every ray, front to back, without an early end. The rules: rendering-rules.ts. */
import { add, cross, dot, length, scale, type Vec3 } from "@releve/domain/vec3";
import { lpsToVoxel, type GridGeometry, type Volume } from "@releve/domain/volume";
import type { RenderLook, RenderView } from "../kernel-runner.ts";
import { lookAt } from "../look-at.ts";
import { gradientFloorPerMm, requireLook } from "../rendering-rules.ts";
import { pixelLps } from "./reslice-reference.ts";
import { sampleReference } from "./sample-reference.ts";

/** @returns rgba, 8 bits each, interleaved, in row order. @throws RangeError as `requireLook` does. */
export function renderReference(volume: Volume, view: RenderView, look: RenderLook): Uint8ClampedArray {
  requireLook(look);
  const { columns, rows } = view.plane;
  const rgba = new Uint8ClampedArray(columns * rows * 4);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const { rgb, transmittance } = castRay(volume, view, look, pixelLps(view.plane, column, row));
      const seen = add(rgb, scale(look.backgroundRgb, transmittance));
      rgba.set(
        [...seen, 1 - transmittance].map((part) => 255 * part),
        (row * columns + column) * 4,
      );
    }
  return rgba;
}

function castRay(volume: Volume, view: RenderView, look: RenderLook, start: Vec3) {
  const toVoxel = lpsToVoxel(volume.geometry);
  let rgb: Vec3 = [0, 0, 0];
  let transmittance = 1;
  for (let step = 0; step < view.steps; step++) {
    const point = add(start, scale(view.stepLps, step));
    if (look.clip.some(({ normalLps, offsetMm }) => dot(normalLps, point) > offsetMm)) continue;
    const at = toVoxel(point);
    const value = sampleReference(volume, at);
    if (Number.isNaN(value)) continue;
    const { rgb: own, opacityPerMm } = lookAt(look, value);
    const alpha = 1 - Math.exp(-opacityPerMm * length(view.stepLps));
    if (alpha === 0) continue;
    const colour = shade(own, look, facing(volume, view.stepLps, at, value, gradientFloorPerMm(look)));
    rgb = add(rgb, scale(colour, transmittance * alpha));
    transmittance *= 1 - alpha;
  }
  return { rgb, transmittance };
}

function shade(own: Vec3, { ambient, diffuse, specular, shininess }: RenderLook, cosine: number): Vec3 {
  const light = ambient + diffuse * cosine;
  const shine = specular * cosine ** shininess;
  const part = (one: number) => Math.min(one * light + shine, 1);
  return [part(own[0]), part(own[1]), part(own[2])];
}

/** How far the surface through a sample faces the eye: 1 is straight, 0 is edge on or no surface. */
function facing(volume: Volume, stepLps: Vec3, at: Vec3, value: number, floorPerMm: number): number {
  const gradient = gradientLps(volume, at, value);
  const along = Math.abs(dot(gradient, stepLps)) / length(stepLps);
  return along / Math.max(length(gradient), floorPerMm);
}

/** Real-world units per mm. */
function gradientLps(volume: Volume, at: Vec3, value: number): Vec3 {
  const { columns, rows, slices } = volume.geometry;
  const last = [columns - 1, rows - 1, slices - 1] as const;
  const perVoxel = ([0, 1, 2] as const).map((axis) => {
    const beside = (offset: number) => {
      const place: [number, number, number] = [...at];
      place[axis] = Math.min(Math.max(place[axis] + offset, 0), last[axis]);
      const sample = sampleReference(volume, place);
      return Number.isNaN(sample) ? value : sample;
    };
    return (beside(1) - beside(-1)) / 2;
  });
  return perVoxelToPerMm(volume.geometry, perVoxel as unknown as Vec3);
}

/** A gradient is a covector: it transforms by the transposed inverse of the grid's steps. */
function perVoxelToPerMm(
  { columnStepLps: u, rowStepLps: v, sliceStepLps: w }: GridGeometry,
  perVoxel: Vec3,
): Vec3 {
  const volume = dot(u, cross(v, w));
  const parts = [
    scale(cross(v, w), perVoxel[0]),
    scale(cross(w, u), perVoxel[1]),
    scale(cross(u, v), perVoxel[2]),
  ] as const;
  return scale(add(add(parts[0], parts[1]), parts[2]), 1 / volume);
}
