/**
 * Which frame a page is owed next. Latest wins: a viewport owes one frame of how things are now, however many inputs came
 * since its last one. Credits: a page that has not painted what it was sent gets nothing more for that viewport.
 */
import type { FrameQuality } from "./frame-header.ts";
import { planeOf, type PictureSize } from "./viewport-plane.ts";
import { viewports, type Viewport, type ViewState } from "./view-state.ts";

/** One is painted while the next one is computed and travels. */
export const framesInFlightMost = 2;

type Owing = {
  /** Undefined: the page does not show it. */
  readonly size: PictureSize | undefined;
  readonly owed: FrameQuality | undefined;
  /** What was sent last since anything changed. */
  readonly sent: FrameQuality | undefined;
  /** Numbers of the frames that were sent and not painted yet. */
  readonly inFlight: readonly number[];
};

export type FrameFlow = {
  readonly of: Readonly<Record<Viewport, Owing>>;
  /** Who was served last comes last. */
  readonly order: readonly Viewport[];
  readonly frames: number;
};

const nothing: Owing = { size: undefined, owed: undefined, sent: undefined, inFlight: [] };

export const newFrameFlow: FrameFlow = {
  of: { axial: nothing, coronal: nothing, sagittal: nothing, volume: nothing },
  order: viewports,
  frames: 0,
};

const change = (flow: FrameFlow, viewport: Viewport, by: Partial<Owing>): FrameFlow => ({
  ...flow,
  of: { ...flow.of, [viewport]: { ...flow.of[viewport], ...by } },
});

/** @param size undefined when the page shows the viewport no more. */
export const sized = (flow: FrameFlow, viewport: Viewport, size: PictureSize | undefined): FrameFlow =>
  change(flow, viewport, { size, owed: size ? "motion" : undefined, sent: undefined });

/** Something changed: these owe a frame of now. */
export const owing = (flow: FrameFlow, changed: readonly Viewport[]): FrameFlow =>
  changed.reduce((next, viewport) => change(next, viewport, { owed: "motion", sent: undefined }), flow);

/**
 * Nothing has changed for a while: what was shown in motion is owed without loss, also where its frame in motion is not
 * computed yet because the node or the page is slow.
 */
export const resting = (flow: FrameFlow): FrameFlow =>
  viewports
    .filter((viewport) => flow.of[viewport].sent === "motion" || flow.of[viewport].owed === "motion")
    .reduce((next, viewport) => change(next, viewport, { owed: "rest" }), flow);

export type DueFrame = {
  readonly viewport: Viewport;
  readonly size: PictureSize;
  readonly quality: FrameQuality;
};

/** Undefined when nothing is owed, or what is owed waits for the page to paint. */
export function dueFrame(flow: FrameFlow): DueFrame | undefined {
  for (const viewport of flow.order) {
    const { size, owed, inFlight } = flow.of[viewport];
    if (size && owed && inFlight.length < framesInFlightMost) return { viewport, size, quality: owed };
  }
  return undefined;
}

/** It is computed from now on: what changes meanwhile is owed again. @returns its number in `frames`. */
export function begun(flow: FrameFlow, { viewport, quality }: DueFrame): FrameFlow {
  const frame = flow.frames + 1;
  const { inFlight } = flow.of[viewport];
  const next = change(flow, viewport, { owed: undefined, sent: quality, inFlight: [...inFlight, frame] });
  return { ...next, frames: frame, order: [...flow.order.filter((other) => other !== viewport), viewport] };
}

/** The page painted or dropped it, or it could not be computed. A number that is not in flight changes nothing. */
export function painted(flow: FrameFlow, frame: number): FrameFlow {
  const viewport = viewports.find((one) => flow.of[one].inFlight.includes(frame));
  if (!viewport) return flow;
  return change(flow, viewport, {
    inFlight: flow.of[viewport].inFlight.filter((other) => other !== frame),
  });
}

/** Which viewports show another picture after than before. */
export function changedViewports(before: ViewState, after: ViewState): readonly Viewport[] {
  if (before === after) return [];
  return viewports.filter((viewport) => lookOf(before, viewport) !== lookOf(after, viewport));
}

/** A plane's picture depends on where it lies, not on where in it the crosshair is. */
function lookOf(view: ViewState, viewport: Viewport): string {
  const { originLps, columnStepLps, rowStepLps } = planeOf(view, viewport, { width: 2, height: 2 });
  const place = [...originLps, ...columnStepLps, ...rowStepLps].map((part) => part.toFixed(5));
  const how = viewport === "volume" ? view.volumeMode : `${view.slab.mode} ${view.slab.thicknessMm}`;
  return `${place.join(" ")} ${view.window.centre} ${view.window.width} ${how}`;
}
