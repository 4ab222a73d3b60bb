/** The head that the phantoms show: ellipsoids in patient space, LPS mm, the origin in the middle of the brain. Nobody's head. */
import type { Vec3 } from "@releve/domain/vec3";
import type { Ellipsoid } from "./ellipsoids.ts";

export type Tissue = keyof typeof hounsfieldUnits;

/** Typical values at 120 kV; vessels as in a CT angiography. */
export const hounsfieldUnits = {
  air: -1000,
  aerated: -700,
  foam: -750,
  fat: -90,
  skin: 55,
  muscle: 50,
  cortical: 1250,
  diploe: 550,
  marrow: 320,
  tooth: 2300,
  cerebrospinalFluid: 6,
  greyMatter: 39,
  whiteMatter: 28,
  falx: 58,
  plexus: 380,
  vitreous: 12,
  lens: 95,
  vessel: 310,
  marker: 1800,
} as const;

const shape = (material: Tissue, centerLps: Vec3, radiiMm: Vec3): Ellipsoid<Tissue> => ({
  centerLps,
  radiiMm,
  material,
});

/** The same on both sides. */
const pair = (material: Tissue, [x, y, z]: Vec3, radii: Vec3) => [
  shape(material, [x, y, z], radii),
  shape(material, [-x, y, z], radii),
];

/** A tube as a string of overlapping balls along straight pieces. */
function tube(material: Tissue, radiusMm: number, points: readonly Vec3[]): Ellipsoid<Tissue>[] {
  return points.slice(1).flatMap((end, index) => {
    const start = points[index]!;
    const lengthMm = Math.hypot(end[0] - start[0], end[1] - start[1], end[2] - start[2]);
    const count = Math.max(1, Math.ceil(lengthMm / (radiusMm * 0.5)));
    return Array.from({ length: count }, (_, step) => {
      const t = (step + 1) / count;
      const at = ([0, 1, 2] as const).map((axis) => start[axis] + (end[axis] - start[axis]) * t);
      return shape(material, at as unknown as Vec3, [radiusMm, radiusMm, radiusMm]);
    });
  });
}

const mirrored = (points: readonly Vec3[]): Vec3[] => points.map(([x, y, z]) => [-x, y, z]);

const carotid: Vec3[] = [
  [24, 0, -130],
  [24, -2, -70],
  [19, -2, -55],
  [13, -14, -42],
  [11, -22, -30],
  [12, -12, -24],
];
const middleCerebral: Vec3[] = [
  [12, -12, -24],
  [30, -10, -20],
  [43, -4, -14],
  [47, 8, -2],
  [50, 24, 12],
  [48, 38, 26],
];
const anteriorCerebral: Vec3[] = [
  [12, -12, -24],
  [3, -20, -20],
  [3, -42, 0],
  [3, -46, 24],
  [3, -28, 46],
  [3, 0, 56],
];
const posteriorCerebral: Vec3[] = [
  [0, 8, -28],
  [12, 14, -22],
  [20, 34, -14],
  [14, 58, -6],
];
const basilar: Vec3[] = [
  [0, 14, -75],
  [0, 10, -50],
  [0, 8, -28],
];

const teeth = Array.from({ length: 13 }, (_, index) => {
  const angle = ((index - 6) / 6) * 1.25;
  return shape("tooth", [27 * Math.sin(angle), -48 - 30 * Math.cos(angle), -74], [2.7, 2.7, 5]);
});

/** Balls of 1.6 mm at known places, to be found again in a projection. */
export const headMarkersLps: readonly Vec3[] = [
  [40, -40, 30],
  [-40, -40, 30],
  [0, 60, 40],
  [-30, 20, 60],
];

export const headScene: readonly Ellipsoid<Tissue>[] = [
  shape("foam", [0, 112, 0], [95, 10, 160]),
  shape("skin", [0, 20, -120], [58, 62, 70]),
  shape("fat", [0, 20, -120], [55.5, 59.5, 68]),
  shape("muscle", [0, 20, -120], [52, 56, 66]),
  shape("skin", [0, -52, -70], [46, 42, 38]),
  shape("muscle", [0, -52, -70], [42, 39, 36]),
  shape("skin", [0, 0, 0], [79, 99, 97]),
  shape("fat", [0, 0, 0], [76.5, 96.5, 94.5]),
  shape("muscle", [0, 0, 0], [74, 94, 92.5]),
  ...pair("skin", [79, 8, -28], [4, 12, 22]),
  shape("skin", [0, -102, -34], [9, 11, 17]),
  shape("cortical", [0, 0, 2], [71.5, 91.5, 90]),
  shape("diploe", [0, 0, 2], [69.5, 89.5, 88]),
  shape("cortical", [0, 0, 2], [67, 86.5, 85]),
  shape("cerebrospinalFluid", [0, 0, 2], [65, 84.5, 83]),
  shape("greyMatter", [0, 0, 3], [62.5, 82, 80]),
  ...pair("whiteMatter", [26, 0, 12], [27, 66, 52]),
  ...pair("greyMatter", [25, -2, 4], [8, 16, 12]),
  ...pair("greyMatter", [9, 10, 4], [7, 12, 9]),
  ...pair("whiteMatter", [17, 2, 4], [2.6, 18, 13]),
  shape("falx", [0, 0, 42], [1.1, 76, 36]),
  ...pair("cerebrospinalFluid", [11, -16, 18], [6, 20, 9]),
  ...pair("cerebrospinalFluid", [16, 20, 14], [6.5, 20, 9]),
  shape("cerebrospinalFluid", [0, 4, 2], [2.4, 13, 10]),
  ...pair("plexus", [16, 22, 12], [2.6, 4, 2.6]),
  shape("cerebrospinalFluid", [0, 38, -34], [6, 5, 7]),
  ...pair("whiteMatter", [24, 52, -38], [18, 14, 12]),
  shape("cortical", [0, -6, -52], [62, 62, 13]),
  shape("marrow", [0, -6, -52], [56, 56, 9]),
  ...pair("cortical", [38, 14, -42], [22, 8, 9]),
  ...pair("aerated", [58, 24, -50], [8, 11, 14]),
  shape("aerated", [0, -80, 6], [18, 6, 10]),
  ...pair("cortical", [31, -72, -22], [20.5, 21, 20.5]),
  ...pair("fat", [31, -75, -22], [18, 23, 18]),
  ...pair("muscle", [31, -58, -22], [3, 14, 3]),
  ...pair("vitreous", [31, -82, -22], [12.2, 12.2, 12.2]),
  ...pair("lens", [31, -91, -22], [4.6, 2.4, 4.6]),
  ...pair("air", [28, -62, -56], [13, 17, 13]),
  shape("air", [0, -66, -46], [11, 24, 18]),
  shape("cortical", [0, -66, -44], [1.3, 24, 17]),
  shape("cortical", [0, -58, -80], [36, 30, 12]),
  shape("muscle", [0, -50, -80], [27, 24, 13]),
  ...teeth,
  shape("cortical", [0, 34, -108], [21, 20, 48]),
  shape("marrow", [0, 34, -108], [17, 16, 46]),
  shape("cerebrospinalFluid", [0, 42, -100], [8, 8, 60]),
  shape("greyMatter", [0, 42, -100], [5, 5, 58]),
  shape("whiteMatter", [0, 26, -45], [14, 13, 26]),
  shape("air", [0, -18, -110], [9, 8, 46]),
  ...tube("vessel", 2.9, carotid),
  ...tube("vessel", 2.9, mirrored(carotid)),
  ...tube("vessel", 2.1, middleCerebral),
  ...tube("vessel", 2.1, mirrored(middleCerebral)),
  ...tube("vessel", 1.6, anteriorCerebral),
  ...tube("vessel", 1.6, mirrored(anteriorCerebral)),
  ...tube("vessel", 1.7, posteriorCerebral),
  ...tube("vessel", 1.7, mirrored(posteriorCerebral)),
  ...tube("vessel", 2.4, basilar),
  ...headMarkersLps.map((center) => shape("marker", center, [1.6, 1.6, 1.6])),
];
