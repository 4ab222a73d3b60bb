/**
 * A drawn path by its arc length: how long it is, and where and in which direction it goes after so many millimetres. Lengths
 * are integrals of the spline's speed (Gauss-Legendre, five points, sixteen parts a stretch), true to 1e-4 mm for what fits a
 * patient.
 */
import { length, normalize, subtract, type Vec3 } from "@releve/domain/vec3";
import { pointsApartMm } from "./parameters.ts";
import { pointOn, splineThrough, velocityOn, type Cubic } from "./spline.ts";

export type PathPoint = { readonly pointLps: Vec3; readonly tangent: Vec3 };

export type Path = {
  readonly lengthMm: number;
  /** @param atMm from the first point on, 0 to `lengthMm`. */
  readonly at: (atMm: number) => PathPoint;
};

/** A piece of a stretch, from `from` to `from + 1 / parts` of its u, that begins `startMm` from the path's first point. */
type Piece = { readonly cubic: Cubic; readonly from: number; readonly startMm: number };

const parts = 16;
const toleranceMm = 1e-5;
/** Newton's steps double the digits; five would do. */
const stepsMax = 12;

/** @param points at least two that differ; neighbours at the same place are one. */
export function pathThrough(points: readonly Vec3[]): Path {
  const cubics = splineThrough(withoutRepeats(points));
  const pieces: Piece[] = [];
  let lengthMm = 0;
  for (const cubic of cubics)
    for (let part = 0; part < parts; part++) {
      const from = part / parts;
      pieces.push({ cubic, from, startMm: lengthMm });
      lengthMm += lengthBetween(cubic, from, from + 1 / parts);
    }
  return {
    lengthMm,
    at: (atMm) => {
      const wanted = Math.min(Math.max(atMm, 0), lengthMm);
      const piece = pieceAt(pieces, wanted);
      const u = placeOn(piece, wanted - piece.startMm);
      return { pointLps: pointOn(piece.cubic, u), tangent: normalize(velocityOn(piece.cubic, u)) };
    },
  };
}

function withoutRepeats(points: readonly Vec3[]): readonly Vec3[] {
  const kept: Vec3[] = [];
  for (const point of points) {
    const before = kept.at(-1);
    if (!before || length(subtract(point, before)) > pointsApartMm) kept.push(point);
  }
  return kept;
}

function pieceAt(pieces: readonly Piece[], atMm: number): Piece {
  let [low, high] = [0, pieces.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (pieces[middle]!.startMm <= atMm) low = middle;
    else high = middle - 1;
  }
  return pieces[low]!;
}

/** The u at which the piece is `wantedMm` long, by Newton's method on the length. */
function placeOn({ cubic, from }: Piece, wantedMm: number): number {
  let u = from;
  for (let step = 0; step < stepsMax; step++) {
    const missingMm = wantedMm - lengthBetween(cubic, from, u);
    if (Math.abs(missingMm) < toleranceMm) break;
    u = Math.min(Math.max(u + missingMm / speedOn(cubic, u), from), from + 1 / parts);
  }
  return u;
}

const speedOn = (cubic: Cubic, u: number): number => length(velocityOn(cubic, u));

/** Places on -1 to 1 and their weights. */
const near = Math.sqrt(5 - 2 * Math.sqrt(10 / 7)) / 3;
const far = Math.sqrt(5 + 2 * Math.sqrt(10 / 7)) / 3;
const nearWeight = (322 + 13 * Math.sqrt(70)) / 900;
const farWeight = (322 - 13 * Math.sqrt(70)) / 900;
const gauss = [
  [-far, farWeight],
  [-near, nearWeight],
  [0, 128 / 225],
  [near, nearWeight],
  [far, farWeight],
] as const;

function lengthBetween(cubic: Cubic, from: number, to: number): number {
  const [half, middle] = [(to - from) / 2, (to + from) / 2];
  return (
    half * gauss.reduce((sum, [place, weight]) => sum + weight * speedOn(cubic, middle + half * place), 0)
  );
}
