/** sRGB (IEC 61966-2-1) in the connection space of ICC profiles: CIE XYZ under D50, adapted by Bradford. */

type Triple = readonly [number, number, number];

/** Rows X, Y, Z; columns linear red, green, blue from 0 to 1. */
export const srgbToXyzD50: readonly [Triple, Triple, Triple] = [
  [0.4360747, 0.3850649, 0.1430804],
  [0.2225045, 0.7168786, 0.0606169],
  [0.0139322, 0.0971045, 0.7141733],
];

/** From a stored value, 0 to 1, to linear light. */
export function linearOf(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
