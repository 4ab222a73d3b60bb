/**
 * Parallel planes that cover a volume's box: square pixels, equal distances, sizes within limits.
 * Where a limit makes pixels or distances coarser than asked for, `limits` says so in a sentence.
 */
import { scale } from "@releve/domain/vec3";
import type { GridGeometry, PlaneGeometry } from "@releve/domain/volume";
import type { Orientation } from "./orientation.ts";
import { boxAround, pointAlong, type Box } from "./patient-box.ts";

/** The largest matrix: 1,024 x 1,024 is what every reading station takes. */
export const imageSizeMax = 1024;

export type StackRequest = {
  readonly orientation: Orientation;
  readonly spacingMm: number;
  readonly intervalMm: number;
  readonly imagesMax: number;
  /** The planes' positions are multiples of this from the box's near face; absent: they are centred in the box. */
  readonly anchorMm?: number;
};

export type PlaneStack = {
  readonly planes: readonly PlaneGeometry[];
  readonly spacingMm: number;
  readonly intervalMm: number;
  readonly limits: readonly string[];
};

export function planeStack(grid: GridGeometry, request: StackRequest): PlaneStack {
  const box = boxAround(grid, request.orientation);
  const across = Math.max(box.high[0] - box.low[0], box.high[1] - box.low[1]);
  const spacingMm = Math.max(request.spacingMm, across / (imageSizeMax - 1));
  const intervalMm = intervalWithin(box.high[2] - box.low[2], request);
  return {
    planes: layOut(box, request, spacingMm, intervalMm),
    spacingMm,
    intervalMm,
    limits: [
      ...(spacingMm > request.spacingMm * (1 + 1e-9)
        ? [
            `Pixels of ${mm(spacingMm)} instead of ${mm(request.spacingMm)}: at most ${imageSizeMax} a row or column.`,
          ]
        : []),
      ...(intervalMm > request.intervalMm * (1 + 1e-9)
        ? [
            `Planes every ${mm(intervalMm)} instead of ${mm(request.intervalMm)}: ${whyWider(intervalMm, request)}.`,
          ]
        : []),
    ],
  };
}

function whyWider(intervalMm: number, request: StackRequest): string {
  const { anchorMm, imagesMax } = request;
  const nearest = anchorMm ? anchored(request.intervalMm, anchorMm) : request.intervalMm;
  return intervalMm > nearest * (1 + 1e-9)
    ? `at most ${imagesMax} images`
    : "whole steps, so that every slice is met";
}

const anchored = (intervalMm: number, anchorMm: number): number =>
  Math.max(1, Math.round(intervalMm / anchorMm)) * anchorMm;

/** The interval that was asked for, or the next one that keeps the number of images within the limit. */
function intervalWithin(depthMm: number, { intervalMm, imagesMax, anchorMm }: StackRequest): number {
  const unit = anchorMm ?? 0.1;
  const asked = anchorMm ? anchored(intervalMm, anchorMm) : intervalMm;
  if (countWithin(depthMm, asked) <= imagesMax) return asked;
  const least = imagesMax === 1 ? depthMm * 1.001 + unit : depthMm / (imagesMax - 1);
  return Math.ceil(least / unit - 1e-6) * unit;
}

function layOut(box: Box, request: StackRequest, spacingMm: number, intervalMm: number): PlaneGeometry[] {
  const { orientation, anchorMm } = request;
  const size = [box.high[0] - box.low[0], box.high[1] - box.low[1], box.high[2] - box.low[2]] as const;
  const columns = countWithin(size[0], spacingMm);
  const rows = countWithin(size[1], spacingMm);
  const count = countWithin(size[2], intervalMm);
  const spare = margin(size[2], count, intervalMm);
  const start = anchorMm ? Math.floor(spare / anchorMm + 1e-6) * anchorMm : spare;
  return Array.from({ length: count }, (_, index) => ({
    columns,
    rows,
    originLps: pointAlong(orientation, [
      box.low[0] + margin(size[0], columns, spacingMm),
      box.low[1] + margin(size[1], rows, spacingMm),
      box.low[2] + start + index * intervalMm,
    ]),
    columnStepLps: scale(orientation.row, spacingMm),
    rowStepLps: scale(orientation.column, spacingMm),
  }));
}

/** What is left of an extent on either side of `count` points in its middle. */
const margin = (extentMm: number, count: number, stepMm: number) => (extentMm - (count - 1) * stepMm) / 2;

/** How many points `stepMm` apart lie within an extent, ends included. */
export function countWithin(extentMm: number, stepMm: number): number {
  return Math.floor(extentMm / stepMm + 1e-6) + 1;
}

export const mm = (value: number): string => `${Number(value.toFixed(3))} mm`;
