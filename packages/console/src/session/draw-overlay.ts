/** What is drawn over a frame: crosshair, annotations with what they measure, sides, and what the picture is. */
import { subtract, type Vec3 } from "@releve/domain/vec3";
import type { FrameHeader } from "@releve/wire/session/frame-header";
import { lpsToPixel, planeOf } from "@releve/wire/session/viewport-plane";
import type { Annotation, Viewport, ViewState } from "@releve/wire/session/view-state";
import { sidesOf } from "./orientation-letters.ts";

export type Overlay = {
  readonly header: FrameHeader;
  readonly view: ViewState;
  readonly pending: ReadonlySet<string>;
  readonly draft: Annotation | undefined;
  /** What an annotation says, and what the corner says, in the person's language. */
  readonly label: (annotation: Annotation) => readonly string[];
  readonly corner: readonly string[];
  readonly quality: string;
};

const colours = {
  axial: "#4dabf7",
  coronal: "#69db7c",
  sagittal: "#ffd43b",
  volume: "#adb5bd",
  annotation: "#ffe066",
  text: "#f1f3f5",
  lossless: "#69db7c",
  motion: "#ffa94d",
} as const;

/** An annotation is seen in planes that pass within this of it, mm; slabs show theirs through their depth. */
const seenWithinMm = 2.5;

type Point = { readonly x: number; readonly y: number; readonly depthMm: number };

export function drawOverlay(context: CanvasRenderingContext2D, overlay: Overlay): void {
  const { header, view, draft } = overlay;
  const { width, height } = context.canvas;
  const [sx, sy] = [width / header.plane.columns, height / header.plane.rows];
  const toCanvas = (point: Vec3): Point => {
    const { x, y, depthMm } = lpsToPixel(header.plane, point);
    return { x: (x + 0.5) * sx, y: (y + 0.5) * sy, depthMm };
  };
  const unit = Math.max(1, Math.round(width / 512));
  context.lineWidth = 1.5 * unit;
  context.font = `${12 * unit}px system-ui, sans-serif`;
  if (header.viewport !== "volume") drawCrosshair(context, overlay, toCanvas);
  const depthMm = seenWithinMm + (header.viewport === "volume" ? 0 : view.slab.thicknessMm / 2);
  const shown = view.annotations.filter((one) => isSeen(one, header.viewport, depthMm, toCanvas));
  for (const annotation of draft ? [...shown, draft] : shown)
    drawAnnotation(context, overlay, annotation, toCanvas);
  drawTexts(context, overlay, unit);
}

/** In the view of the whole a distance would be that of its shadow: only planes show annotations. */
function isSeen(
  { pointsLps }: Annotation,
  viewport: Viewport,
  depthMm: number,
  toCanvas: (point: Vec3) => Point,
): boolean {
  return viewport !== "volume" && pointsLps.every((point) => Math.abs(toCanvas(point).depthMm) <= depthMm);
}

/** The other two planes as lines, each in its colour, with a gap around the point itself. */
function drawCrosshair(
  context: CanvasRenderingContext2D,
  { header, view }: Overlay,
  toCanvas: (point: Vec3) => Point,
): void {
  const here = toCanvas(view.crosshairLps);
  const far = context.canvas.width + context.canvas.height;
  const gap = 10;
  for (const other of ["axial", "coronal", "sagittal"] as const) {
    if (other === header.viewport) continue;
    const along = traceOf(view, header.viewport, other);
    const next = toCanvas(subtract(view.crosshairLps, along.map((part) => -part) as unknown as Vec3));
    const size = Math.hypot(next.x - here.x, next.y - here.y);
    if (!(size > 1e-6)) continue;
    const [dx, dy] = [(next.x - here.x) / size, (next.y - here.y) / size];
    context.strokeStyle = colours[other];
    context.globalAlpha = 0.7;
    for (const side of [-1, 1]) {
      context.beginPath();
      context.moveTo(here.x + side * gap * dx, here.y + side * gap * dy);
      context.lineTo(here.x + side * far * dx, here.y + side * far * dy);
      context.stroke();
    }
    context.globalAlpha = 1;
  }
}

/** Where the other plane cuts this one: at right angles to both normals. */
function traceOf(view: ViewState, viewport: Viewport, other: Viewport): Vec3 {
  const normal = (of: Viewport): Vec3 => {
    const { rightLps: r, downLps: d } = view.cameras[of];
    return [r[1] * d[2] - r[2] * d[1], r[2] * d[0] - r[0] * d[2], r[0] * d[1] - r[1] * d[0]];
  };
  const [a, b] = [normal(viewport), normal(other)];
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function drawAnnotation(
  context: CanvasRenderingContext2D,
  { pending, label }: Overlay,
  annotation: Annotation,
  toCanvas: (point: Vec3) => Point,
): void {
  const points = annotation.pointsLps.map(toCanvas);
  context.strokeStyle = colours.annotation;
  context.fillStyle = colours.annotation;
  // Not safe yet: it would be lost with the node.
  context.setLineDash(pending.has(annotation.id) ? [6, 4] : []);
  context.beginPath();
  if (annotation.kind === "circle") {
    const [centre, edge] = points as [Point, Point];
    context.arc(centre.x, centre.y, Math.hypot(edge.x - centre.x, edge.y - centre.y), 0, 2 * Math.PI);
  } else points.forEach(({ x, y }, index) => (index === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.stroke();
  context.setLineDash([]);
  for (const { x, y } of points) context.fillRect(x - 2, y - 2, 4, 4);
  const last = points.at(-1)!;
  label(annotation).forEach((line, index) => text(context, line, last.x + 8, last.y + 14 * index));
}

function text(
  context: CanvasRenderingContext2D,
  line: string,
  x: number,
  y: number,
  colour: string = context.fillStyle as string,
): void {
  context.lineJoin = "round";
  const { lineWidth, strokeStyle } = context;
  context.lineWidth = 3;
  context.strokeStyle = "#000";
  context.strokeText(line, x, y);
  context.lineWidth = lineWidth;
  context.strokeStyle = strokeStyle;
  context.fillStyle = colour;
  context.fillText(line, x, y);
}

function drawTexts(context: CanvasRenderingContext2D, overlay: Overlay, unit: number): void {
  const { header, view, corner, quality } = overlay;
  const { width, height } = context.canvas;
  const margin = 6 * unit;
  const line = 15 * unit;
  context.textAlign = "left";
  corner.forEach((one, index) => text(context, one, margin, margin + line * (index + 0.7), colours.text));
  const { left, right, top, bottom } = sidesOf(view.cameras[header.viewport]);
  const colour = colours[header.viewport];
  text(context, left, margin, height / 2, colour);
  context.textAlign = "right";
  text(context, right, width - margin, height / 2, colour);
  text(
    context,
    quality,
    width - margin,
    height - margin,
    header.quality === "rest" ? colours.lossless : colours.motion,
  );
  context.textAlign = "center";
  text(context, top, width / 2, margin + line * 0.7, colour);
  text(context, bottom, width / 2, height - margin, colour);
  context.textAlign = "left";
}

/** The pixel that is under the pointer, as a point of the patient in the plane that is shown. */
export function pointUnder(
  view: ViewState,
  viewport: Viewport,
  size: { readonly width: number; readonly height: number },
  x: number,
  y: number,
): Vec3 {
  const plane = planeOf(view, viewport, size);
  const [column, row] = [x - 0.5, y - 0.5];
  const at = (axis: 0 | 1 | 2) =>
    plane.originLps[axis] + column * plane.columnStepLps[axis] + row * plane.rowStepLps[axis];
  return [at(0), at(1), at(2)];
}
