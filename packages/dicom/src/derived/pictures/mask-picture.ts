/** A segmentation as coloured regions over black: the planes where something is inside. */
import type { Segment, Segmentation } from "../derived-output.ts";
import { png, sheet, squareSize, type Tile } from "./sheet.ts";

/** Undefined where nothing is inside of any segment: there is nothing to look at. */
export function maskSheet({ planes, segments }: Segmentation): Uint8Array | undefined {
  const filled = planes
    .map((_, index) => index)
    .filter((index) => segments.some(({ masks }) => masks[index]?.includes(1)));
  if (filled.length === 0) return undefined;
  const tileOf = (index: number, longestPx: number) => {
    const { geometry } = planes[index]!;
    const tile = blank(squareSize(geometry, longestPx));
    for (const segment of segments) draw(tile, segment, index, geometry);
    return tile;
  };
  return png(sheet(filled, tileOf));
}

function blank({ width, height }: { width: number; height: number }): Tile {
  return { width, height, channels: 3, data: new Uint8Array(width * height * 3) };
}

/** A later segment lies over an earlier one. One mask pixel colours every picture pixel that it touches: none is lost. */
function draw(
  { width, height, data }: Tile,
  { masks, colorRgb }: Segment,
  plane: number,
  { columns, rows }: { columns: number; rows: number },
): void {
  const mask = masks[plane];
  if (!mask) return;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (
        touches(
          mask,
          columns,
          [x, x + 1].map((edge) => (edge * columns) / width),
          [y, y + 1].map((edge) => (edge * rows) / height),
        )
      )
        data.set(colorRgb, (y * width + x) * 3);
}

function touches(mask: Uint8Array, columns: number, across: number[], down: number[]): boolean {
  const [left, right] = [Math.floor(across[0]!), Math.ceil(across[1]!)];
  for (let row = Math.floor(down[0]!); row < Math.ceil(down[1]!); row++)
    for (let column = left; column < right; column++) if (mask[row * columns + column] === 1) return true;
  return false;
}
