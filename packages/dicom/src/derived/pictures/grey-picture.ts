/** Pictures of results for people: 8-bit grey PNG, square pixels, black where nothing was measured. Never for diagnosis. */
import type { UnplacedImages } from "../derived-output.ts";
import type { DerivedImage, DerivedSeries } from "../derived-series.ts";
import { evenly, longestSidePx, png, sheet, squareSize, type Tile } from "./sheet.ts";

export type Window = { readonly center: number; readonly width: number };

/** One image, at most `longestSidePx` long. */
export function renderPicture(image: DerivedImage, window: Window): Uint8Array {
  return png(greyTile(image, window, longestSidePx));
}

/** A contact sheet of the series in its own window, or in one that fits what was measured. */
export function renderSheet(series: DerivedSeries): Uint8Array {
  const window = series.window ?? windowOf(evenly(series.images));
  return png(sheet(series.images, (image, longestPx) => greyTile(image, window, longestPx)));
}

/** The same of images without a place: their pixels are square, and that is all a picture needs to know. */
export function unplacedSheet(output: UnplacedImages): Uint8Array {
  const images = output.views.map(({ columns, rows, spacingMm, values }) => ({
    geometry: {
      columns,
      rows,
      originLps: [0, 0, 0] as const,
      columnStepLps: [spacingMm, 0, 0] as const,
      rowStepLps: [0, spacingMm, 0] as const,
    },
    thicknessMm: spacingMm,
    values,
  }));
  const window = output.window ?? windowOf(evenly(images));
  return png(sheet(images, (image, longestPx) => greyTile(image, window, longestPx)));
}

/** From the 2nd to the 99.5th percentile of what was measured: background and outliers do not flatten the picture. */
export function windowOf(images: readonly DerivedImage[]): Window {
  const sample = images.flatMap(({ values }) => {
    // Odd, so that it does not meet the same few columns in every row.
    const step = Math.floor(values.length / 4096) | 1;
    return Array.from({ length: Math.floor(values.length / step) }, (_, index) => values[index * step]!);
  });
  const sorted = sample.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  if (sorted.length === 0) return { center: 0, width: 1 };
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  const [low, high] = [at(0.02), at(0.995)];
  return { center: (low + high) / 2, width: Math.max(high - low, 1e-6) };
}

export function greyTile(image: DerivedImage, window: Window, longestPx: number): Tile {
  const { geometry } = image;
  const { width, height } = squareSize(geometry, longestPx);
  const columnsPerPx = geometry.columns / width;
  const rowsPerPx = geometry.rows / height;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data[y * width + x] = shade(
        meanOver(image, x * columnsPerPx, y * rowsPerPx, columnsPerPx, rowsPerPx),
        window,
      );
  return { width, height, channels: 1, data };
}

function shade(value: number, { center, width }: Window): number {
  if (Number.isNaN(value)) return 0;
  return Math.min(255, Math.max(0, Math.round((255 * (value - center)) / width + 127.5)));
}

/** Mean over a rectangle of pixels, so that thin things do not vanish when a picture is made smaller; NaN where all is. */
function meanOver(image: DerivedImage, left: number, top: number, columns: number, rows: number): number {
  const across = Math.ceil(columns);
  const down = Math.ceil(rows);
  let sum = 0;
  let count = 0;
  for (let i = 0; i < down; i++)
    for (let j = 0; j < across; j++) {
      const value = between(image, left + ((j + 0.5) * columns) / across, top + ((i + 0.5) * rows) / down);
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
  return count === 0 ? NaN : sum / count;
}

/** Bilinear at a place in pixels from the corner of the image; beside what was not measured, the nearest pixel as it is. */
function between({ geometry: { columns, rows }, values }: DerivedImage, x: number, y: number): number {
  const column = Math.min(columns - 1, Math.max(0, x - 0.5));
  const row = Math.min(rows - 1, Math.max(0, y - 0.5));
  const [left, top] = [Math.floor(column), Math.floor(row)];
  const [right, bottom] = [Math.min(columns - 1, left + 1), Math.min(rows - 1, top + 1)];
  const [u, v] = [column - left, row - top];
  const upper = values[top * columns + left]! * (1 - u) + values[top * columns + right]! * u;
  const lower = values[bottom * columns + left]! * (1 - u) + values[bottom * columns + right]! * u;
  const value = upper * (1 - v) + lower * v;
  return Number.isNaN(value) ? values[Math.round(row) * columns + Math.round(column)]! : value;
}
