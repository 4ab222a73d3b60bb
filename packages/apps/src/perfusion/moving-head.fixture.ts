/** A head in one slice: brain in an oval skull with scalp, a nose so that a turn shows; contrast agent in one half. */
import type { GridGeometry } from "@releve/domain/volume";
import { still, type Motion } from "./head-motion.ts";

export const headGrid: GridGeometry = {
  columns: 100,
  rows: 104,
  slices: 1,
  originLps: [-99, -103, 0],
  columnStepLps: [2, 0, 0],
  rowStepLps: [0, 2, 0],
  sliceStepLps: [0, 0, 8],
};

export type HeadOptions = {
  readonly motion?: Motion;
  readonly contrast?: boolean;
  /** Replaces the brain's value, by its place before the motion, mm from the middle. */
  readonly brain?: (x: number, y: number) => number;
};

/** Edges fall over so many mm: a pixel averages. */
const edgeMm = 2;
const inside = (distanceMm: number) => Math.min(1, Math.max(0, 0.5 - distanceMm / edgeMm));

export function headImage(modality: "CT" | "MR", options: HeadOptions = {}): Float32Array {
  const { columns, rows, slices } = headGrid;
  const { alongRowMm, alongColumnMm, radians } = options.motion ?? still;
  const [sine, cosine] = [Math.sin(radians), Math.cos(radians)];
  return Float32Array.from({ length: columns * rows * slices }, (_, voxel) => {
    const movedX = 2 * ((voxel % columns) - (columns - 1) / 2) - alongRowMm;
    const movedY = 2 * ((Math.floor(voxel / columns) % rows) - (rows - 1) / 2) - alongColumnMm;
    return headAt(modality, movedX * cosine + movedY * sine, movedY * cosine - movedX * sine, options);
  });
}

function headAt(
  modality: "CT" | "MR",
  x: number,
  y: number,
  { contrast = false, brain }: HeadOptions,
): number {
  const bright = contrast && x > 0;
  const values =
    modality === "CT"
      ? { air: -1000, scalp: 40, bone: 900, brain: bright ? 75 : 35 }
      : { air: 5, scalp: 600, bone: 60, brain: bright ? 350 : 700 };
  const oval = (scale: number) => (Math.hypot(x / 66, y / 80) - scale) * 72;
  const nose = Math.hypot(x, y + 84) - 9;
  const scalp = inside(Math.min(oval(1.1), nose));
  const [bone, core] = [inside(oval(1)), inside(oval(0.92))];
  const layers = [
    [values.scalp, scalp],
    [values.bone, bone],
    [brain ? brain(x, y) : values.brain, core],
  ] as const;
  return layers.reduce((below, [value, share]) => below + (value - below) * share, values.air);
}
