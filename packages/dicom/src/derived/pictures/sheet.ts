/** A contact sheet: up to 12 tiles, evenly chosen, as one PNG of grey or colour. One tile alone is shown large. */
import { length } from "@releve/domain/vec3";
import type { PlaneGeometry } from "@releve/domain/volume";
import { encode } from "fast-png";

export type Tile = {
  readonly width: number;
  readonly height: number;
  /** Grey, or red, green and blue interleaved. */
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
};

export const longestSidePx = 1024;
const sheetColumns = 4;
const sheetImages = 12;
const sheetTilePx = 256;
const gapPx = 8;
/** Between the tiles of a sheet: not black, so that one sees where an image ends. */
const gapShade = 48;

/** @param tileOf draws one item, at most so many pixels long. */
export function sheet<T>(items: readonly T[], tileOf: (item: T, longestPx: number) => Tile): Tile {
  const chosen = evenly(items);
  if (chosen.length === 1) return tileOf(chosen[0]!, longestSidePx);
  return sheetOf(chosen.map((item) => tileOf(item, sheetTilePx)));
}

/** The items that a sheet shows. */
export function evenly<T>(items: readonly T[]): readonly T[] {
  if (items.length <= sheetImages) return items;
  const last = items.length - 1;
  return Array.from(
    { length: sheetImages },
    (_, index) => items[Math.round((index * last) / (sheetImages - 1))]!,
  );
}

/** Square pixels: the longer side in mm gets `longestPx`, the other what belongs to it. */
export function squareSize(geometry: PlaneGeometry, longestPx: number): { width: number; height: number } {
  const widthMm = geometry.columns * length(geometry.columnStepLps);
  const heightMm = geometry.rows * length(geometry.rowStepLps);
  const mmPerPx = Math.max(widthMm, heightMm) / longestPx;
  return {
    width: Math.max(1, Math.round(widthMm / mmPerPx)),
    height: Math.max(1, Math.round(heightMm / mmPerPx)),
  };
}

export function png({ width, height, data, channels }: Tile): Uint8Array {
  return encode({ width, height, data, channels, depth: 8 });
}

function sheetOf(tiles: readonly Tile[]): Tile {
  const channels = tiles[0]!.channels;
  const columns = Math.min(sheetColumns, tiles.length);
  const tileWidth = Math.max(...tiles.map((tile) => tile.width)) + gapPx;
  const tileHeight = Math.max(...tiles.map((tile) => tile.height)) + gapPx;
  const width = columns * tileWidth + gapPx;
  const height = Math.ceil(tiles.length / columns) * tileHeight + gapPx;
  const whole = { width, height, channels, data: new Uint8Array(width * height * channels).fill(gapShade) };
  for (const [index, tile] of tiles.entries())
    paste(
      whole,
      tile,
      gapPx + (index % columns) * tileWidth,
      gapPx + Math.floor(index / columns) * tileHeight,
    );
  return whole;
}

/** Both of as many channels. */
export function paste(onto: Tile, tile: Tile, left: number, top: number): void {
  const row = tile.width * tile.channels;
  for (let y = 0; y < tile.height; y++)
    onto.data.set(
      tile.data.subarray(y * row, (y + 1) * row),
      ((top + y) * onto.width + left) * onto.channels,
    );
}
