/** sRGB to CIELab under D50 as DICOM stores it (PS3.3 C.10.7.1.1), by IEC 61966-2-1 and the Bradford-adapted matrix. */

import { linearOf, srgbToXyzD50 } from "../colour/srgb.ts";

type Triple = readonly [number, number, number];

/** The sums of the rows: white must come out without colour. */
const whiteD50: Triple = [0.96422, 1, 0.82521];

/** `rgb` 0 to 255. Gives L*, a*, b* as unsigned 16 bits: L* 0 to 100, a* and b* -128 to 127. */
export function dicomLab(rgb: Triple): number[] {
  const linear = rgb.map((value) => linearOf(value / 255));
  const [x, y, z] = srgbToXyzD50.map((row, axis) => {
    const sum = row.reduce((total, weight, index) => total + weight * linear[index]!, 0);
    return cubeRootOf(sum / whiteD50[axis]!);
  }) as unknown as Triple;
  return [
    stored((116 * y - 16) / 100),
    stored((500 * (x - y) + 128) / 255),
    stored((200 * (y - z) + 128) / 255),
  ];
}

const cubeRootOf = (value: number) =>
  value > 216 / 24389 ? Math.cbrt(value) : ((24389 / 27) * value + 16) / 116;
const stored = (share: number) => Math.min(65_535, Math.max(0, Math.round(share * 65_535)));
