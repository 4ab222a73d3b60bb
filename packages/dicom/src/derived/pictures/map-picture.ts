/** A parametric map in false colours, from black over red and yellow to white, with the scale and its two ends beside it. */
import { heat } from "../colour/heat-palette.ts";
import type { ParametricMap } from "../derived-output.ts";
import { drawNumber, numberHeightPx, numberWidthPx } from "./draw-number.ts";
import { greyTile, windowOf } from "./grey-picture.ts";
import { evenly, paste, png, sheet, type Tile } from "./sheet.ts";

const barPx = 16;
const marginPx = 8;

export function mapSheet(map: ParametricMap): Uint8Array {
  const window = map.window ?? windowOf(evenly(map.images));
  const tiles = sheet(map.images, (image, longestPx) => coloured(greyTile(image, window, longestPx)));
  const ends = [window.center + window.width / 2, window.center - window.width / 2].map(shortNumber);
  return png(withScale(tiles, ends as [string, string]));
}

function coloured({ width, height, data }: Tile): Tile {
  const colours = new Uint8Array(width * height * 3);
  for (const [index, shade] of data.entries()) colours.set(heat(shade), index * 3);
  return { width, height, channels: 3, data: colours };
}

/** Three significant digits: the scale is read by eye. */
function shortNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function withScale(tiles: Tile, [top, bottom]: readonly [string, string]): Tile {
  const beside = 2 * marginPx + Math.max(barPx, numberWidthPx(top), numberWidthPx(bottom));
  const height = Math.max(tiles.height, 4 * (numberHeightPx + marginPx));
  const width = tiles.width + beside;
  const whole: Tile = { width, height, channels: 3, data: new Uint8Array(width * height * 3) };
  paste(whole, tiles, 0, 0);
  const left = tiles.width + marginPx;
  const first = 2 * marginPx + numberHeightPx;
  const barHeight = height - 2 * first;
  for (let y = 0; y < barHeight; y++) {
    const colour = heat(Math.round((255 * (barHeight - 1 - y)) / (barHeight - 1)));
    for (let x = 0; x < barPx; x++) whole.data.set(colour, ((first + y) * width + left + x) * 3);
  }
  drawNumber(whole, top, left, marginPx);
  drawNumber(whole, bottom, left, height - marginPx - numberHeightPx);
  return whole;
}
