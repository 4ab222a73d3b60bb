/** Pictures of results for people: 8-bit grey PNG, square pixels, black where nothing was measured. Never for diagnosis. */
import { length } from "@releve/domain/vec3";
import { encode } from "fast-png";
import type { DerivedImage, DerivedSeries } from "./derived-series.ts";

export type Window = { readonly center: number; readonly width: number };

type Grey = { readonly width: number; readonly height: number; readonly data: Uint8Array };

const longestSidePx = 1024;
const sheetColumns = 4;
const sheetImages = 12;
const sheetTilePx = 256;
const gapPx = 4;

/** One image, at most `longestSidePx` long. */
export function renderPicture(image: DerivedImage, window: Window): Uint8Array {
  return png(greyOf(image, window, longestSidePx));
}

/** A contact sheet of up to 12 images, evenly chosen over the series. One image alone is shown large. */
export function renderSheet(series: DerivedSeries): Uint8Array {
  const chosen = evenly(series.images, sheetImages);
  const window = series.window ?? windowOf(chosen);
  if (chosen.length === 1) return renderPicture(chosen[0]!, window);
  return png(sheetOf(chosen.map((image) => greyOf(image, window, sheetTilePx))));
}

function evenly<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from(
    { length: count },
    (_, index) => items[Math.round((index * (items.length - 1)) / (count - 1))]!,
  );
}

/** From the 2nd to the 99.5th percentile of what was measured: background and outliers do not flatten the picture. */
function windowOf(images: readonly DerivedImage[]): Window {
  const sample = images.flatMap(({ values }) => {
    const step = Math.max(1, Math.floor(values.length / 4096));
    return Array.from({ length: Math.floor(values.length / step) }, (_, index) => values[index * step]!);
  });
  const sorted = sample.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  if (sorted.length === 0) return { center: 0, width: 1 };
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  const [low, high] = [at(0.02), at(0.995)];
  return { center: (low + high) / 2, width: Math.max(high - low, 1e-6) };
}

/** Nearest pixel, on square pixels of the finer spacing. */
function greyOf(
  { geometry, values }: DerivedImage,
  { center, width: windowWidth }: Window,
  longestPx: number,
): Grey {
  const widthMm = geometry.columns * length(geometry.columnStepLps);
  const heightMm = geometry.rows * length(geometry.rowStepLps);
  const mmPerPx = Math.max(widthMm, heightMm) / longestPx;
  const width = Math.max(1, Math.round(widthMm / mmPerPx));
  const height = Math.max(1, Math.round(heightMm / mmPerPx));
  const data = new Uint8Array(width * height);
  const low = center - windowWidth / 2;
  for (let y = 0; y < height; y++) {
    const row = Math.min(geometry.rows - 1, Math.floor(((y + 0.5) * geometry.rows) / height));
    for (let x = 0; x < width; x++) {
      const column = Math.min(geometry.columns - 1, Math.floor(((x + 0.5) * geometry.columns) / width));
      const value = values[row * geometry.columns + column]!;
      data[y * width + x] = Number.isNaN(value)
        ? 0
        : Math.min(255, Math.max(0, (255 * (value - low)) / windowWidth));
    }
  }
  return { width, height, data };
}

function sheetOf(tiles: readonly Grey[]): Grey {
  const columns = Math.min(sheetColumns, tiles.length);
  const tileWidth = Math.max(...tiles.map((tile) => tile.width)) + gapPx;
  const tileHeight = Math.max(...tiles.map((tile) => tile.height)) + gapPx;
  const width = columns * tileWidth + gapPx;
  const height = Math.ceil(tiles.length / columns) * tileHeight + gapPx;
  const data = new Uint8Array(width * height);
  for (const [index, tile] of tiles.entries()) {
    const left = gapPx + (index % columns) * tileWidth;
    const top = gapPx + Math.floor(index / columns) * tileHeight;
    for (let y = 0; y < tile.height; y++) {
      data.set(tile.data.subarray(y * tile.width, (y + 1) * tile.width), (top + y) * width + left);
    }
  }
  return { width, height, data };
}

function png({ width, height, data }: Grey): Uint8Array {
  return encode({ width, height, data, channels: 1, depth: 8 });
}
