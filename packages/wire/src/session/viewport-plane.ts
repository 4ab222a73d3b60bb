/** Where a viewport's pixels lie in the patient, and back. Pure; the same on the node and in the page. */
import { add, cross, dot, scale, subtract, type Vec3 } from "@releve/domain/vec3";
import type { PlaneGeometry } from "@releve/domain/volume";
import type { Camera, Viewport, ViewState } from "./view-state.ts";

export type PictureSize = { readonly width: number; readonly height: number };

/** From the eye into the picture. */
export const intoPicture = ({ rightLps, downLps }: Pick<Camera, "rightLps" | "downLps">): Vec3 =>
  cross(rightLps, downLps);

export const mmPerPixel = ({ fieldMm }: Camera, { width, height }: PictureSize): number =>
  fieldMm / Math.min(width, height);

/** The middle of the picture: a plane goes through the crosshair, the view of the whole through its own centre. */
export function middleOf(view: ViewState, viewport: Viewport): Vec3 {
  const camera = view.cameras[viewport];
  if (viewport === "volume") return camera.centreLps;
  const into = intoPicture(camera);
  return add(camera.centreLps, scale(into, dot(into, subtract(view.crosshairLps, camera.centreLps))));
}

/** Pixel centres; the middle of the picture is between the two middle pixels where their number is even. */
export function planeOf(view: ViewState, viewport: Viewport, size: PictureSize): PlaneGeometry {
  const camera = view.cameras[viewport];
  const step = mmPerPixel(camera, size);
  const columnStepLps = scale(camera.rightLps, step);
  const rowStepLps = scale(camera.downLps, step);
  const corner = add(scale(columnStepLps, (size.width - 1) / 2), scale(rowStepLps, (size.height - 1) / 2));
  return {
    columns: size.width,
    rows: size.height,
    originLps: subtract(middleOf(view, viewport), corner),
    columnStepLps,
    rowStepLps,
  };
}

/** @param x and y in pixels from the centre of the first pixel. */
export const pixelToLps = (plane: PlaneGeometry, x: number, y: number): Vec3 =>
  add(plane.originLps, add(scale(plane.columnStepLps, x), scale(plane.rowStepLps, y)));

/** The pixel below the point, seen straight on, and how far behind the plane it lies. */
export function lpsToPixel(
  plane: PlaneGeometry,
  pointLps: Vec3,
): { readonly x: number; readonly y: number; readonly depthMm: number } {
  const offset = subtract(pointLps, plane.originLps);
  const [u, v] = [plane.columnStepLps, plane.rowStepLps];
  const into = cross(u, v);
  return {
    x: dot(offset, u) / dot(u, u),
    y: dot(offset, v) / dot(v, v),
    depthMm: dot(offset, into) / Math.sqrt(dot(into, into)),
  };
}
