/** Where the brain is, by simple rules that README.md states: results elsewhere would be read as brain. */
import type { GridGeometry } from "@releve/domain/volume";
import { length } from "@releve/domain/vec3";
import { labelComponents } from "../regions/label-components.ts";

/** HU. */
const softTissue = { low: 0, high: 100 };
const boneMin = 150;
/** What bone encloses in a slice is the brain only if it is this large; else the skull is open there, or there is none. */
const enclosedMm2Min = 1000;
/** Of the 95th percentile of the signal, MR. */
const signalFraction = 0.25;

/** @param baseline mean before the bolus, NaN where nothing was measured. @returns 1 in the brain. */
export function brainMask(baseline: Float32Array, grid: GridGeometry, modality: string): Uint8Array {
  return modality === "CT" ? ofCt(baseline, grid) : ofMr(baseline, grid);
}

/** Soft tissue within the skull, slice by slice; all soft tissue where a slice has no closed skull. */
function ofCt(baseline: Float32Array, grid: GridGeometry): Uint8Array {
  const { columns, rows, slices } = grid;
  const inSlice = columns * rows;
  const pixelMm2 = length(grid.columnStepLps) * length(grid.rowStepLps);
  const mask = Uint8Array.from(baseline, (value) => +(value >= softTissue.low && value <= softTissue.high));
  for (let slice = 0; slice < slices; slice++) {
    const own = mask.subarray(slice * inSlice, (slice + 1) * inSlice);
    const outside = reachedFromEdge(baseline.subarray(slice * inSlice, (slice + 1) * inSlice), columns, rows);
    const enclosed = own.reduce((count, soft, at) => count + (soft && !outside[at] ? 1 : 0), 0);
    if (enclosed * pixelMm2 < enclosedMm2Min) continue;
    for (let at = 0; at < inSlice; at++) if (outside[at]) own[at] = 0;
  }
  return mask;
}

/** 1 where a path of pixels that are no bone leads to the picture's edge. */
function reachedFromEdge(values: Float32Array, columns: number, rows: number): Uint8Array {
  const passable = Uint8Array.from(values, (value) => +!(value >= boneMin));
  const { labels } = labelComponents(passable, [columns, rows, 1], 4);
  const edge = new Set<number>();
  for (let at = 0; at < labels.length; at++) {
    const [column, row] = [at % columns, Math.floor(at / columns)];
    if (column === 0 || row === 0 || column === columns - 1 || row === rows - 1) edge.add(labels[at]!);
  }
  edge.delete(0);
  return Uint8Array.from(labels, (label) => +edge.has(label));
}

/** The largest connected part that is bright enough. */
function ofMr(baseline: Float32Array, { columns, rows, slices }: GridGeometry): Uint8Array {
  const sorted = baseline.filter((value) => value > 0).toSorted();
  const least = signalFraction * (sorted[Math.floor(0.95 * (sorted.length - 1))] ?? Number.POSITIVE_INFINITY);
  const bright = Uint8Array.from(baseline, (value) => +(value >= least));
  const { labels, voxelCounts } = labelComponents(bright, [columns, rows, slices], 6);
  const counts = [...voxelCounts].slice(1);
  const largest = counts.indexOf(Math.max(...counts)) + 1;
  return Uint8Array.from(labels, (label) => +(label > 0 && label === largest));
}
