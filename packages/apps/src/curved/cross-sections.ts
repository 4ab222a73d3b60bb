/** Planes perpendicular to the path, at equal distances along it. Their rows follow the path's frame: they do not turn around it. */
import { add, scale, subtract } from "@releve/domain/vec3";
import type { PlaneGeometry } from "@releve/domain/volume";
import { mm } from "../geometry/plane-stack.ts";
import { pathFrames } from "./path-frames.ts";
import type { Path } from "./path.ts";

export type CrossSections = {
  readonly planes: readonly PlaneGeometry[];
  readonly intervalMm: number;
  readonly limits: readonly string[];
};

/** More in one series are not looked through. */
const sectionsMax = 400;

/** Frames are carried in steps of at most this, so that they do not turn. */
const carryMm = 0.5;

export function crossSections(
  path: Path,
  asked: { readonly intervalMm: number; readonly sizeMm: number },
  spacingMm: number,
): CrossSections {
  const intervalMm = Math.max(asked.intervalMm, path.lengthMm / (sectionsMax - 1));
  const perInterval = Math.ceil(intervalMm / carryMm);
  const everyMm = intervalMm / perInterval;
  const count = Math.floor(path.lengthMm / intervalMm + 1e-6) + 1;
  const frames = pathFrames(path, everyMm, (count - 1) * perInterval + 1);
  const half = Math.max(1, Math.round(asked.sizeMm / 2 / spacingMm));
  const planes = Array.from({ length: count }, (_, index) => {
    const { pointLps, across, binormal } = frames[index * perInterval]!;
    const corner = scale(add(across, binormal), half * spacingMm);
    return {
      columns: 2 * half + 1,
      rows: 2 * half + 1,
      originLps: subtract(pointLps, corner),
      columnStepLps: scale(across, spacingMm),
      rowStepLps: scale(binormal, spacingMm),
    };
  });
  const limit = `Cross sections every ${mm(intervalMm)} instead of ${mm(asked.intervalMm)}: at most ${sectionsMax}.`;
  return { planes, intervalMm, limits: intervalMm > asked.intervalMm * (1 + 1e-9) ? [limit] : [] };
}
