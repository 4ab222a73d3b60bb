/**
 * A curve through points: the centripetal Catmull-Rom spline (Catmull and Rom 1974; centripetal: Yuksel, Schaefer and Keyser,
 * Computer-Aided Design 43, 2011). It meets every point that a person drew, turns smoothly, and makes neither cusp nor loop
 * between two of them, which the uniform kind does where their distances differ.
 */
import { add, length, scale, subtract, type Vec3 } from "@releve/domain/vec3";

/** One stretch from a drawn point to the next as a cubic in u from 0 to 1: ((a u + b) u + c) u + d. */
export type Cubic = { readonly a: Vec3; readonly b: Vec3; readonly c: Vec3; readonly d: Vec3 };

/**
 * At both ends the curve is the parabola through the last three points; two points are a straight line.
 * @param points at least two, no neighbours at the same place.
 */
export function splineThrough(points: readonly Vec3[]): readonly Cubic[] {
  const chords = points.slice(1).map((point, index) => subtract(point, points[index]!));
  /** Knots grow by the root of the distance. */
  const times = chords.map((chord) => Math.sqrt(length(chord)));
  const slopes = chords.map((chord, index) => scale(chord, 1 / times[index]!));
  return chords.map((chord, index) => {
    const time = times[index]!;
    const inner = (at: number) => velocityBetween(slopes[at]!, slopes[at + 1]!, times[at]!, times[at + 1]!);
    const atStart = index > 0 ? inner(index - 1) : undefined;
    const atEnd = index < chords.length - 1 ? inner(index) : undefined;
    const slope = slopes[index]!;
    const start = atStart ?? mirrored(atEnd ?? slope, slope);
    const end = atEnd ?? mirrored(atStart ?? slope, slope);
    return hermite(points[index]!, chord, scale(start, time), scale(end, time));
  });
}

/** Of the parabola through three points, at the middle one. */
const velocityBetween = (before: Vec3, after: Vec3, timeBefore: number, timeAfter: number): Vec3 =>
  scale(add(scale(before, timeAfter), scale(after, timeBefore)), 1 / (timeBefore + timeAfter));

/** A parabola's velocities at both ends of a stretch have its slope as their mean. */
const mirrored = (velocity: Vec3, slope: Vec3): Vec3 => subtract(scale(slope, 2), velocity);

const hermite = (from: Vec3, chord: Vec3, start: Vec3, end: Vec3): Cubic => ({
  a: add(add(start, end), scale(chord, -2)),
  b: subtract(scale(chord, 3), add(scale(start, 2), end)),
  c: start,
  d: from,
});

export const pointOn = ({ a, b, c, d }: Cubic, u: number): Vec3 =>
  add(scale(add(scale(add(scale(a, u), b), u), c), u), d);

/** By u, not by length. */
export const velocityOn = ({ a, b, c }: Cubic, u: number): Vec3 =>
  add(scale(add(scale(a, 3 * u), scale(b, 2)), u), c);
