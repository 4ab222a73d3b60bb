/** Numbers in white on a colour picture, 3 x 5 dots a character: a font file would be a dependency for two numbers. */
import type { Tile } from "./sheet.ts";

const dotPx = 2;
const advancePx = 4 * dotPx;
export const numberHeightPx = 5 * dotPx;

/** Each row of three dots as an octal digit, from the top. */
const glyphs: Readonly<Record<string, string>> = {
  "0": "75557",
  "1": "26227",
  "2": "71747",
  "3": "71717",
  "4": "55711",
  "5": "74717",
  "6": "74757",
  "7": "71122",
  "8": "75757",
  "9": "75717",
  "-": "00700",
  "+": "02720",
  ".": "00002",
  e: "07746",
};

export function numberWidthPx(text: string): number {
  return text.length * advancePx;
}

/** @throws TypeError for a character that no number has. */
export function drawNumber(onto: Tile, text: string, left: number, top: number): void {
  for (const [index, character] of Array.from(text).entries()) {
    const rows = glyphs[character];
    if (!rows) throw new TypeError(`no dots for ${character}`);
    for (const [row, dots] of Array.from(rows).entries())
      for (let column = 0; column < 3; column++)
        if (Number(dots) & (4 >> column))
          dot(onto, left + index * advancePx + column * dotPx, top + row * dotPx);
  }
}

function dot({ width, data }: Tile, left: number, top: number): void {
  for (let y = top; y < top + dotPx; y++)
    data.fill(255, (y * width + left) * 3, (y * width + left + dotPx) * 3);
}
