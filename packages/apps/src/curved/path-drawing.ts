/** The path on the slices that it was drawn on: for each slice the pieces of the path that are nearer to it than to any other. */
import type { DrawnLine, Drawing } from "@releve/dicom/derived/derived-output";
import { length } from "@releve/domain/vec3";
import { lpsToVoxel } from "@releve/domain/volume";
import type { ComputeInput } from "../application.ts";
import type { Path } from "./path.ts";

/** On a whole path; a slice of a long one holds fewer, so that a line fits its element. */
const pointsMax = 4000;
/** Pixels: closer points are one. */
const samePlace = 0.1;

export type PathDrawing = { readonly outputs: readonly Drawing[]; readonly remarks: readonly string[] };

export function drawPath(input: ComputeInput, path: Path): PathDrawing {
  const { plan, volume } = input;
  const { voxels, geometry } = volume;
  if (voxels.kind !== "stored")
    return without("the Rescale Slope changes from slice to slice, and a presentation states one");
  if (plan.slices.length !== geometry.slices || plan.slices.some(({ tile }) => tile))
    return without("the slices are parts of mosaics");
  const { slope, intercept } = voxels;
  const drawing: Drawing = {
    kind: "drawing",
    key: "curved-path",
    seriesDescription: "Path of the curved MPR",
    images: {
      from: "source",
      seriesInstanceUid: plan.seriesInstanceUid,
      slope,
      intercept,
      plane: geometry,
      window: windowOf(input),
    },
    layer: "PATH",
    lines: linesOf(input, path),
  };
  return { outputs: [drawing], remarks: [] };
}

const without = (why: string): PathDrawing => ({
  outputs: [],
  remarks: [`The path is not shown on the source's slices: ${why}.`],
});

type Piece = { readonly slice: number; readonly points: [column: number, row: number][] };

function linesOf({ plan, volume: { geometry } }: ComputeInput, path: Path): readonly DrawnLine[] {
  const toVoxel = lpsToVoxel(geometry);
  const finestMm = Math.min(
    ...[geometry.columnStepLps, geometry.rowStepLps, geometry.sliceStepLps].map(length),
  );
  const count = Math.min(pointsMax, Math.ceil((2 * path.lengthMm) / finestMm));
  const pieces: Piece[] = [];
  for (let index = 0; index <= count; index++) {
    const [column, row, at] = toVoxel(path.at((index * path.lengthMm) / count).pointLps);
    const slice = Math.min(Math.max(Math.round(at), 0), geometry.slices - 1);
    const piece = pieces.at(-1);
    if (piece?.slice !== slice) pieces.push({ slice, points: [[column, row]] });
    else if (isElsewhere(piece.points.at(-1)!, column, row)) piece.points.push([column, row]);
  }
  const images = new Set(plan.slices.map(({ sopInstanceUid }) => sopInstanceUid)).size;
  const isMultiFrame = images < plan.slices.length || plan.slices.some(({ frameIndex }) => frameIndex > 0);
  return pieces.map(({ slice, points }) => {
    const { sopInstanceUid, frameIndex } = plan.slices[slice]!;
    return { sopInstanceUid, points, ...(isMultiFrame && { frameNumber: frameIndex + 1 }) };
  });
}

const isElsewhere = (last: readonly [number, number], column: number, row: number): boolean =>
  Math.hypot(column - last[0], row - last[1]) >= samePlace;

/** The source's own; else soft parts of a CT, or all stored values. */
function windowOf({ attributes, plan, volume: { voxels } }: ComputeInput): Drawing["images"]["window"] {
  const [center, width] = [attributes.numbers("WindowCenter")[0], attributes.numbers("WindowWidth")[0]];
  if (center !== undefined && width !== undefined && Number.isFinite(center) && width > 0)
    return { center, width };
  if (plan.modality === "CT" || voxels.kind !== "stored") return { center: 40, width: 400 };
  const { values, slope, intercept } = voxels;
  let most = 1;
  for (const value of values) if (value > most) most = value;
  return { center: (most / 2) * slope + intercept, width: Math.abs(most * slope) };
}
