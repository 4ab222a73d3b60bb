/** What a drag, a wheel or a key means. Pure. */
import type { SessionInput } from "@releve/wire/session/session-input";
import { intoPicture, mmPerPixel, type PictureSize } from "@releve/wire/session/viewport-plane";
import {
  slabMostMm,
  windowLimits,
  type Slab,
  type Viewport,
  type ViewState,
} from "@releve/wire/session/view-state";

export const dragTools = ["window", "pan", "zoom", "scroll", "rotate"] as const;
export const drawTools = ["crosshair", "length", "angle", "circle"] as const;
export type DragTool = (typeof dragTools)[number];
export type DrawTool = (typeof drawTools)[number];
export type Tool = DragTool | DrawTool;

export const isDragTool = (tool: Tool): tool is DragTool => dragTools.some((one) => one === tool);

/** The letters that readers know from other viewers. */
export const toolKeys: Readonly<Record<string, Tool>> = {
  w: "window",
  p: "pan",
  z: "zoom",
  s: "scroll",
  r: "rotate",
  c: "crosshair",
  l: "length",
  a: "angle",
  o: "circle",
};

/** As in other viewers: the middle button pans, the right one zooms, the left one does what is chosen. */
export function toolOfButton(button: number, chosen: Tool): Tool | undefined {
  if (button === 0) return chosen;
  if (button === 1) return "pan";
  return button === 2 ? "zoom" : undefined;
}

export type Drag = {
  readonly view: ViewState;
  readonly viewport: Viewport;
  /** Of the viewport, in the same pixels as the movement. */
  readonly size: PictureSize;
  readonly right: number;
  readonly down: number;
  /** From plane to plane of the volume. */
  readonly stepMm: number;
};

const zoomPerPixel = 1.008;
/** Across the viewport is half a turn. */
const turnAcross = Math.PI;
const pixelsPerStep = 4;

export function inputOfDrag(tool: DragTool, drag: Drag): SessionInput | undefined {
  const { view, viewport, size, right, down } = drag;
  switch (tool) {
    case "window":
      return { type: "window", window: draggedWindow(view, right, down) };
    case "pan": {
      const mm = mmPerPixel(view.cameras[viewport], size);
      return { type: "pan", viewport, rightMm: right * mm, downMm: down * mm };
    }
    case "zoom":
      return { type: "zoom", viewport, factor: clamp(zoomPerPixel ** -down, 0.1, 10) };
    case "scroll":
      return scrolled(viewport, Math.round(down / pixelsPerStep), drag.stepMm);
    case "rotate": {
      const across = Math.max(size.width, size.height);
      const rightRadians = clamp((right / across) * turnAcross, -3, 3);
      const downRadians = viewport === "volume" ? clamp((down / across) * turnAcross, -3, 3) : 0;
      return { type: "rotate", viewport, rightRadians, downRadians };
    }
  }
}

/** To the right: more contrast range; down: brighter. Wide windows change faster. */
function draggedWindow({ window: { centre, width } }: ViewState, right: number, down: number) {
  const by = Math.max(width, 1e-3) / 256;
  return {
    centre: clamp(centre - down * by, -windowLimits.most, windowLimits.most),
    width: clamp(width + right * by, windowLimits.least, windowLimits.most),
  };
}

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

function scrolled(viewport: Viewport, steps: number, stepMm: number): SessionInput | undefined {
  return steps === 0 || viewport === "volume" ? undefined : { type: "scroll", viewport, mm: steps * stepMm };
}

/** The wheel goes through the planes; the view of the whole has none, there it zooms. */
export function inputOfWheel(
  viewport: Viewport,
  notches: number,
  zooms: boolean,
  stepMm: number,
): SessionInput | undefined {
  if (zooms || viewport === "volume")
    return { type: "zoom", viewport, factor: clamp(1.1 ** -notches, 0.1, 10) };
  return scrolled(viewport, Math.round(notches), stepMm);
}

/** How far the next plane is when one looks this way: the voxels' extent along it. */
export function stepMmOf(
  view: ViewState,
  viewport: Viewport,
  geometry: {
    readonly columnStepLps: readonly [number, number, number];
    readonly rowStepLps: readonly [number, number, number];
    readonly sliceStepLps: readonly [number, number, number];
  },
): number {
  const into = intoPicture(view.cameras[viewport]);
  const along = [geometry.columnStepLps, geometry.rowStepLps, geometry.sliceStepLps].map((step) =>
    Math.abs(step[0] * into[0] + step[1] * into[1] + step[2] * into[2]),
  );
  return Math.max(0.1, Math.max(...along));
}

const thicknesses = [0, 5, 10, 20, 30, 50, 100] as const;

export function nextSlab({ mode, thicknessMm }: Slab, by: 1 | -1): Slab {
  const sorted = by > 0 ? thicknesses : thicknesses.toReversed();
  const next = sorted.find((one) => (by > 0 ? one > thicknessMm : one < thicknessMm));
  return { mode, thicknessMm: Math.min(slabMostMm, next ?? thicknessMm) };
}

export type WindowPreset = { readonly key: string; readonly centre: number; readonly width: number };

/** For CT, in HU, as textbooks and other viewers have them. */
export const ctWindows: readonly WindowPreset[] = [
  { key: "softTissue", centre: 40, width: 400 },
  { key: "lung", centre: -600, width: 1_500 },
  { key: "bone", centre: 400, width: 1_800 },
  { key: "brain", centre: 40, width: 80 },
  { key: "vessel", centre: 200, width: 600 },
];

const keyStepPixels = 8;
const arrows: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export type KeyMeans =
  | { readonly is: "drag"; readonly tool: DragTool; readonly right: number; readonly down: number }
  | { readonly is: "input"; readonly input: SessionInput };

/** Up and down go through the planes, and turn the whole; with Shift the arrows do what the chosen tool does. */
export function meaningOfKey(
  key: string,
  shift: boolean,
  at: { readonly viewport: Viewport; readonly tool: Tool; readonly stepMm: number },
): KeyMeans | undefined {
  const { viewport, tool } = at;
  if (key === "+" || key === "-")
    return { is: "input", input: { type: "zoom", viewport, factor: key === "+" ? 1.1 : 1 / 1.1 } };
  const arrow = arrows[key];
  if (!arrow) return undefined;
  const by = { right: arrow[0] * keyStepPixels, down: arrow[1] * keyStepPixels };
  if (shift && isDragTool(tool)) return { is: "drag", tool, ...by };
  if (viewport === "volume") return { is: "drag", tool: "rotate", ...by };
  const input = scrolled(viewport, arrow[1], at.stepMm);
  return input && { is: "input", input };
}
