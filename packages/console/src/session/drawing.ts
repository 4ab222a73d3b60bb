/** An annotation that is being drawn: points are set one by one, the last follows the pointer. Pure. */
import type { Vec3 } from "@releve/domain/vec3";
import type { Annotation, Viewport } from "@releve/wire/session/view-state";
import type { DrawTool } from "./viewport-tools.ts";

export type DrawnKind = Exclude<DrawTool, "crosshair">;

export type Drawing = {
  readonly id: string;
  readonly kind: DrawnKind;
  readonly viewport: Viewport;
  readonly normalLps: Vec3;
  readonly points: readonly Vec3[];
};

const pointsOf: Readonly<Record<DrawnKind, number>> = { length: 2, angle: 3, circle: 2 };

export const isComplete = ({ kind, points }: Drawing): boolean => points.length === pointsOf[kind];

/** @param pointer where the next point would be. Undefined before the first one is set. */
export function draftOf(drawing: Drawing | undefined, pointer: Vec3 | undefined): Annotation | undefined {
  if (!drawing || drawing.points.length === 0) return undefined;
  const points = pointer && !isComplete(drawing) ? [...drawing.points, pointer] : drawing.points;
  const last = points.at(-1)!;
  const filled = Array.from({ length: pointsOf[drawing.kind] }, (_, index) => points[index] ?? last);
  const of = { id: drawing.id, viewport: drawing.viewport };
  const [a, b, c] = filled as [Vec3, Vec3, Vec3];
  switch (drawing.kind) {
    case "length":
      return { ...of, kind: "length", pointsLps: [a, b] };
    case "angle":
      return { ...of, kind: "angle", pointsLps: [a, b, c] };
    case "circle":
      return { ...of, kind: "circle", pointsLps: [a, b], normalLps: drawing.normalLps };
  }
}
