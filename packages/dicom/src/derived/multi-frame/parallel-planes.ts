/** Planes that can be frames of one object: of one size, spacing and direction, each at its own place along the normal. */
import { cross, dot, length, normalize, subtract } from "@releve/domain/vec3";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import type { PlaneGeometry } from "@releve/domain/volume";
import { elementsOf, type Elements } from "../elements.ts";
import { imagePlane, stackSpacingMm } from "../image-plane.ts";
import { decimalString } from "../decimal-string.ts";

export type FramePlane = { readonly geometry: PlaneGeometry; readonly thicknessMm: number };

export type ParallelPlanes = {
  readonly columns: number;
  readonly rows: number;
  /** Pixel Measures and Plane Orientation, for the Shared Functional Groups. */
  readonly shared: Elements;
  /** Of each plane, in the order given: Plane Position, and its place along the normal counted from 1. */
  readonly places: readonly { readonly position: Elements; readonly rank: number }[];
};

/** Over the whole plane, a direction or a spacing that differs by more than this moves pixels, mm. */
const maxDriftMm = 0.01;
/** Two planes nearer than this are one, mm. */
const minDistanceMm = 1e-3;

/** Refusals: PLANES_MISSING, PLANES_NOT_PARALLEL, PLANES_COINCIDE, PLANE_SHEARED. */
export function parallelPlanes(planes: readonly FramePlane[]): ParallelPlanes | Refusal {
  const [first] = planes;
  if (!first) return refusal("PLANES_MISSING", "There is no plane to write.");
  const image = imagePlane(first);
  if (isRefusal(image)) return image;
  if (!planes.every((plane) => isLike(plane, first)))
    return refusal(
      "PLANES_NOT_PARALLEL",
      "The planes differ in size, spacing, thickness or direction: they cannot be frames of one object.",
    );
  const normal = normalize(cross(first.geometry.columnStepLps, first.geometry.rowStepLps));
  const along = planes.map(({ geometry }) => dot(geometry.originLps, normal));
  const order = along.toSorted((a, b) => a - b);
  if (order.some((place, index) => index > 0 && place - order[index - 1]! < minDistanceMm))
    return refusal("PLANES_COINCIDE", "Two planes lie at one place: nothing would tell their frames apart.");
  return {
    columns: first.geometry.columns,
    rows: first.geometry.rows,
    shared: sharedGroups(image, planes),
    places: planes.map(({ geometry }, index) => ({
      position: elementsOf({
        PlanePositionSequence: [elementsOf({ ImagePositionPatient: geometry.originLps.map(decimalString) })],
      }),
      rank: order.indexOf(along[index]!) + 1,
    })),
  };
}

function isLike(plane: FramePlane, first: FramePlane): boolean {
  const { geometry: one, thicknessMm } = plane;
  const { geometry: other } = first;
  const columnDrift = length(subtract(one.columnStepLps, other.columnStepLps)) * one.columns;
  const rowDrift = length(subtract(one.rowStepLps, other.rowStepLps)) * one.rows;
  return (
    one.columns === other.columns &&
    one.rows === other.rows &&
    Math.abs(thicknessMm - first.thicknessMm) <= maxDriftMm &&
    Math.max(columnDrift, rowDrift) <= maxDriftMm
  );
}

function sharedGroups(image: Elements, planes: readonly FramePlane[]): Elements {
  const pick = (...keywords: string[]) =>
    new Map([...image].filter(([keyword]) => keywords.includes(keyword)));
  const spacingMm = stackSpacingMm(planes.map(({ geometry }) => geometry));
  const spacing = elementsOf({
    SpacingBetweenSlices: spacingMm === undefined ? undefined : decimalString(spacingMm),
  });
  return elementsOf({
    PixelMeasuresSequence: [new Map([...pick("PixelSpacing", "SliceThickness"), ...spacing])],
    PlaneOrientationSequence: [pick("ImageOrientationPatient")],
  });
}
