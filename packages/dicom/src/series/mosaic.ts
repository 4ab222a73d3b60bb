/**
 * A Siemens mosaic: the slices of one volume side by side in one image. Its Image Position is that of an imagined slice as
 * large as the whole mosaic around the same centre, so the first tile's corner lies half the difference further in.
 */
import { refusal, type Refusal } from "@releve/domain/refusal";
import { add, normalize, scale, type Vec3 } from "@releve/domain/vec3";
import type { PlaneGeometry } from "@releve/domain/volume";
import type { Attributes } from "../data-set/attributes.ts";
import { csaNumbers } from "./csa-header.ts";
import type { ImageFrame } from "./image-frame.ts";

export function isMosaic(root: Attributes): boolean {
  return root.strings("ImageType").includes("MOSAIC");
}

/** One frame for each tile that holds a slice, first slice first. */
export function unfoldMosaic(frame: ImageFrame, root: Attributes): ImageFrame[] | Refusal {
  const csa = root.privateBytes(0x0029, "SIEMENS CSA HEADER", 0x10);
  const count =
    (csa && csaNumbers(csa, "NumberOfImagesInMosaic")?.[0]) ??
    root.privateNumbers(0x0019, "SIEMENS MR HEADER", 0x0a)[0];
  const normal = csa && csaNumbers(csa, "SliceNormalVector");
  const stepMm = root.number("SpacingBetweenSlices");
  if (!count || !isVector(normal) || !stepMm)
    return refusal(
      "SIEMENS_MOSAIC",
      "It is a mosaic, and its CSA header or Spacing Between Slices, which say how to unfold it, is missing.",
    );
  const perSide = Math.ceil(Math.sqrt(count));
  const columns = frame.plane.columns / perSide;
  const rows = frame.plane.rows / perSide;
  if (!Number.isInteger(count) || !Number.isInteger(columns) || !Number.isInteger(rows))
    return refusal(
      "SIEMENS_MOSAIC",
      `It is a mosaic whose matrix does not divide into ${perSide} by ${perSide} tiles.`,
    );
  const first = firstTile(frame.plane, columns, rows);
  const step = scale(normalize(normal), stepMm);
  return Array.from({ length: count }, (_, tile) => ({
    ...frame,
    plane: { ...first, originLps: add(first.originLps, scale(step, tile)) },
    source: {
      ...frame.source,
      tile: { column: (tile % perSide) * columns, row: Math.floor(tile / perSide) * rows, columns, rows },
    },
  }));
}

function firstTile(whole: PlaneGeometry, columns: number, rows: number): PlaneGeometry {
  const right = scale(whole.columnStepLps, (whole.columns - columns) / 2);
  const down = scale(whole.rowStepLps, (whole.rows - rows) / 2);
  return { ...whole, columns, rows, originLps: add(add(whole.originLps, right), down) };
}

function isVector(values: readonly number[] | undefined): values is Vec3 {
  return values?.length === 3 && values.every(Number.isFinite) && Math.hypot(...values) > 0.5;
}
