/** One viewport of a view as pixels of 8 bits: computed by the kernels, its window applied here. */
import { presets } from "@releve/apps/rendering/presets";
import { length, scale, subtract, type Vec3 } from "@releve/domain/vec3";
import type { PlaneGeometry } from "@releve/domain/volume";
import type { KernelRunner, RenderLook } from "@releve/kernels/kernel-runner";
import type { DueFrame } from "@releve/wire/session/frame-flow";
import { boundsOf } from "@releve/wire/session/initial-view";
import type { DisplayWindow, ViewState } from "@releve/wire/session/view-state";
import { intoPicture, planeOf, type PictureSize } from "@releve/wire/session/viewport-plane";
import type { SessionVolume } from "./session-volume.ts";

export type DrawnFrame = {
  /** Row order; grey has one channel, colour three. */
  readonly pixels: Uint8Array;
  readonly channels: 1 | 3;
  readonly plane: PlaneGeometry;
};

/** In motion the eye sees less and the hand waits: slabs have half the samples, the whole fewer rays too. */
const motionPixels = { plane: 512 * 512, volume: 256 * 256 } as const;
const restPixels = 1_024 * 1_024;
const motionStep = 2;
/** The engines refuse longer rays; a person is far from it. */
const stepsMost = 4_096;

export async function drawFrame(
  runner: KernelRunner,
  of: SessionVolume,
  view: ViewState,
  { viewport, quality, size }: DueFrame,
): Promise<DrawnFrame> {
  const isWhole = viewport === "volume";
  const most = quality === "rest" ? restPixels : isWhole ? motionPixels.volume : motionPixels.plane;
  const plane = planeOf(view, viewport, within(size, most));
  const into = intoPicture(view.cameras[viewport]);
  const coarser = quality === "motion" ? motionStep : 1;
  if (!isWhole) return { ...(await drawPlane(runner, of, view, plane, scale(into, coarser))), plane };
  const rays = raysThrough(of, into, coarser);
  return { ...(await drawWhole(runner, of, view, plane, rays)), plane };
}

/** Smaller in the same proportions, where there are more pixels than that. */
function within({ width, height }: PictureSize, pixelsMost: number): PictureSize {
  const by = Math.min(1, Math.sqrt(pixelsMost / (width * height)));
  return { width: Math.max(1, Math.round(width * by)), height: Math.max(1, Math.round(height * by)) };
}

type Pixels = Pick<DrawnFrame, "pixels" | "channels">;
type Rays = { readonly stepLps: Vec3; readonly steps: number };

/** A slab is centred on its plane, with as many samples on both sides. @param into as long as the step is coarser. */
async function drawPlane(
  runner: KernelRunner,
  of: SessionVolume,
  { slab, window }: ViewState,
  plane: PlaneGeometry,
  into: Vec3,
): Promise<Pixels> {
  const stepMm = finestMm(of) * length(into);
  const steps = Math.min(stepsMost, 2 * Math.floor(slab.thicknessMm / 2 / stepMm) + 1);
  const stepLps = scale(into, finestMm(of));
  const { values } = await onlyOne(
    steps === 1
      ? runner.reslice(of.volume, [plane])
      : runner.project(of.volume, [{ plane, stepLps, steps }], slab.mode),
  );
  return { pixels: windowed(values, of.factor, window), channels: 1 };
}

async function drawWhole(
  runner: KernelRunner,
  of: SessionVolume,
  view: ViewState,
  plane: PlaneGeometry,
  { stepLps, steps }: Rays,
): Promise<Pixels> {
  if (view.volumeMode === "mip") {
    const { values } = await onlyOne(runner.project(of.volume, [{ plane, stepLps, steps }], "max"));
    return { pixels: windowed(values, of.factor, view.window), channels: 1 };
  }
  const toFront = scale(stepLps, (steps - 1) / 2);
  const front = { ...plane, originLps: subtract(plane.originLps, toFront) };
  const views = [{ plane: front, stepLps, steps }];
  const { rgba } = await onlyOne(runner.render(of.volume, views, lookOf(of, view)));
  return { pixels: withoutAlpha(rgba), channels: 3 };
}

const finestMm = ({ volume: { geometry } }: SessionVolume): number =>
  Math.min(...[geometry.columnStepLps, geometry.rowStepLps, geometry.sliceStepLps].map(length));

/** Through all of the volume from wherever one looks: as long as its diagonal, twice where the middle is panned away. */
function raysThrough(of: SessionVolume, into: Vec3, coarser: number): Rays {
  const { low, high } = boundsOf(of.volume.geometry);
  const diagonalMm = length(subtract(high, low));
  const stepMm = Math.max(finestMm(of) * coarser, (2 * diagonalMm) / stepsMost);
  return { stepLps: scale(into, stepMm), steps: Math.ceil((1.5 * diagonalMm) / stepMm) };
}

const light = { ambient: 0.25, diffuse: 0.7, specular: 0.2, shininess: 20 } as const;
const opaquePerMm = 1;

/** The looks of the rendering application are in HU; elsewhere what is bright in the window is solid. */
function lookOf({ modality, factor }: SessionVolume, { volumeMode, window }: ViewState): RenderLook {
  const isPreset = modality === "CT" && volumeMode !== "window" && volumeMode !== "mip";
  const [low, middle, high] = [-0.5, 0, 0.5].map(
    (part) => (window.centre + part * window.width) / factor,
  ) as [number, number, number];
  const points: RenderLook["points"] = isPreset
    ? presets[volumeMode]
    : [
        { value: low, rgb: [0.25, 0, 0], opacityPerMm: 0 },
        { value: middle, rgb: [0.9, 0.4, 0], opacityPerMm: opaquePerMm / 2 },
        { value: high, rgb: [1, 1, 0.8], opacityPerMm: opaquePerMm },
      ];
  return { points, ...light, backgroundRgb: [0, 0, 0], clip: [] };
}

/** PS3.3 C.11.2.1.3.2 (LINEAR_EXACT): from the lower edge of the window to the upper one; what is no value is black. */
export function windowed(values: Float32Array, factor: number, { centre, width }: DisplayWindow): Uint8Array {
  const pixels = new Uint8Array(values.length);
  const by = (255 * factor) / width;
  const offset = 255 * (0.5 - centre / width) + 0.5;
  for (let at = 0; at < values.length; at++) {
    const level = values[at]! * by + offset;
    pixels[at] = level >= 255 ? 255 : level > 0 ? level : 0;
  }
  return pixels;
}

function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from]!;
    rgb[to + 1] = rgba[from + 1]!;
    rgb[to + 2] = rgba[from + 2]!;
  }
  return rgb;
}

/** @throws Error when the engine gives nothing: a bug of it. */
export async function onlyOne<Result>(results: AsyncIterable<Result>): Promise<Result> {
  for await (const result of results) return result;
  throw new Error("the engine gave no picture");
}
