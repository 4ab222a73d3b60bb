/** A plane in patient space as the Image Plane Module writes it (PS3.3 C.7.6.2). */
import { dot, length, normalize, subtract, cross, type Vec3 } from "@releve/domain/vec3";
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { PlaneGeometry } from "@releve/domain/volume";
import { decimalString } from "./decimal-string.ts";
import type { DerivedImage } from "./derived-series.ts";
import { elementsOf, type Elements } from "./elements.ts";

/** Row and column direction must be orthogonal within this cosine: PS3.3 has no sheared pixels. */
const maxShear = 1e-4;
/** Neighbouring planes are one stack when step and direction agree within this, mm. */
const maxStepErrorMm = 1e-3;

/** Positions LPS mm, Pixel Spacing between rows first, then between columns. */
export function imagePlane({ geometry, thicknessMm }: Omit<DerivedImage, "values">): Elements | Refusal {
  const rowCosines = normalize(geometry.columnStepLps);
  const columnCosines = normalize(geometry.rowStepLps);
  if (Math.abs(dot(rowCosines, columnCosines)) > maxShear)
    return refusal("PLANE_SHEARED", "The rows and columns of a derived image are not at right angles.");
  return elementsOf({
    PixelSpacing: [length(geometry.rowStepLps), length(geometry.columnStepLps)].map(decimalString),
    ImageOrientationPatient: [...rowCosines, ...columnCosines].map(decimalString),
    ImagePositionPatient: geometry.originLps.map(decimalString),
    SliceThickness: decimalString(thicknessMm),
  });
}

/** Distance between the centres of neighbouring planes, mm; undefined where the planes are no regular stack. */
export function stackSpacingMm(planes: readonly PlaneGeometry[]): number | undefined {
  const [first, second] = planes;
  if (!first || !second) return undefined;
  const normal = normalOf(first);
  const step = subtract(second.originLps, first.originLps);
  const regular = planes.every((plane, index) => {
    const expected = step.map((value, axis) => first.originLps[axis]! + index * value) as unknown as Vec3;
    const turned = length(subtract(normalOf(plane), normal));
    return turned < maxShear && length(subtract(plane.originLps, expected)) < maxStepErrorMm;
  });
  const spacing = Math.abs(dot(step, normal));
  return regular && spacing > maxStepErrorMm ? spacing : undefined;
}

function normalOf(plane: PlaneGeometry): Vec3 {
  return normalize(cross(plane.columnStepLps, plane.rowStepLps));
}
