/** The plane that a frame lies in, from Image Position, Image Orientation and Pixel Spacing, or why there is none. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import { dot, length, scale, type Vec3 } from "@releve/domain/vec3";
import type { PlaneGeometry } from "@releve/domain/volume";
import type { FrameGroups } from "./frame-groups.ts";

/** Cosine between row and column direction above which they span no plane worth the name: half a degree off a right angle. */
const maxCosine = 0.0087;
/** Direction vectors are written with few digits; beyond this they are something else. */
const maxLengthError = 0.05;
/** No pixel of a patient is larger, mm; beyond it a number was garbled. */
const maxSpacingMm = 1000;

export function readPlane(groups: FrameGroups, columns: number, rows: number): PlaneGeometry | Refusal {
  const position = groups.macro("PlanePositionSequence")?.numbers("ImagePositionPatient") ?? [];
  const cosines = groups.macro("PlaneOrientationSequence")?.numbers("ImageOrientationPatient") ?? [];
  const spacing = groups.macro("PixelMeasuresSequence")?.numbers("PixelSpacing") ?? [];
  const missing = [
    ...(position.length === 0 ? ["Image Position (Patient)"] : []),
    ...(cosines.length === 0 ? ["Image Orientation (Patient)"] : []),
    ...(spacing.length === 0 ? ["Pixel Spacing"] : []),
  ];
  if (missing.length > 0)
    return refusal("NO_GEOMETRY", `${missing.join(" and ")} missing: its place is unknown.`);
  return planeOf(position, cosines, spacing, columns, rows);
}

function planeOf(
  position: readonly number[],
  cosines: readonly number[],
  spacing: readonly number[],
  columns: number,
  rows: number,
): PlaneGeometry | Refusal {
  if (position.length !== 3 || !position.every(Number.isFinite))
    return refusal("BAD_GEOMETRY", "Image Position (Patient) is not three numbers.");
  if (cosines.length !== 6 || !cosines.every(Number.isFinite))
    return refusal("BAD_GEOMETRY", "Image Orientation (Patient) is not six numbers.");
  const along = cosines.slice(0, 3) as unknown as Vec3;
  const down = cosines.slice(3) as unknown as Vec3;
  if ([along, down].some((direction) => Math.abs(length(direction) - 1) > maxLengthError))
    return refusal(
      "BAD_GEOMETRY",
      "Image Orientation (Patient) holds a direction that is not of length one.",
    );
  if (Math.abs(dot(along, down)) > maxCosine)
    return refusal("BAD_GEOMETRY", "Image Orientation (Patient): row and column are not at right angles.");
  const [rowSpacing, columnSpacing] = spacing;
  if (!isSpacing(rowSpacing) || !isSpacing(columnSpacing))
    return refusal("BAD_GEOMETRY", "Pixel Spacing is not two positive numbers.");
  return {
    columns,
    rows,
    originLps: position as unknown as Vec3,
    columnStepLps: scale(along, columnSpacing / length(along)),
    rowStepLps: scale(down, rowSpacing / length(down)),
  };
}

function isSpacing(value: number | undefined): value is number {
  return value !== undefined && value > 0 && value < maxSpacingMm;
}
