/** Rendered frames as they are, made smaller where they must be, never larger. */
import type { RenderedFrames } from "../derived-output.ts";
import { png, sheet, type Tile } from "./sheet.ts";

export function renderedSheet({ columns, rows, frames }: RenderedFrames): Uint8Array {
  return png(sheet(frames, (frame, longestPx) => smaller(frame, columns, rows, longestPx)));
}

/** Each pixel is the mean of the whole block that it stands for. */
function smaller(frame: Uint8Array, columns: number, rows: number, longestPx: number): Tile {
  const block = Math.max(1, Math.ceil(Math.max(columns, rows) / longestPx));
  if (block === 1) return { width: columns, height: rows, channels: 3, data: frame };
  const [width, height] = [Math.max(1, Math.floor(columns / block)), Math.max(1, Math.floor(rows / block))];
  const data = new Uint8Array(width * height * 3);
  for (let index = 0; index < data.length; index++) {
    const pixel = Math.floor(index / 3);
    const left = (pixel % width) * block;
    const top = Math.floor(pixel / width) * block;
    data[index] = meanOf(
      frame,
      columns,
      { left, top, across: Math.min(block, columns), down: Math.min(block, rows) },
      index % 3,
    );
  }
  return { width, height, channels: 3, data };
}

type Block = { readonly left: number; readonly top: number; readonly across: number; readonly down: number };

function meanOf(frame: Uint8Array, columns: number, block: Block, channel: number): number {
  let sum = 0;
  for (let y = block.top; y < block.top + block.down; y++)
    for (let x = block.left; x < block.left + block.across; x++)
      sum += frame[(y * columns + x) * 3 + channel]!;
  return Math.round(sum / (block.across * block.down));
}
