/**
 * Frames that go along a path and never turn around it: rotation-minimising frames by double reflection (Wang, Juettler, Zheng
 * and Liu, ACM Transactions on Graphics 27(1), 2008). A Frenet frame would flip wherever the path bends the other way.
 */
import { cross, dot, length, normalize, scale, subtract, type Vec3 } from "@releve/domain/vec3";
import type { Path, PathPoint } from "./path.ts";

/** `across` and `binormal` are perpendicular to the path and to each other; across x binormal = tangent. */
export type PathFrame = PathPoint & { readonly across: Vec3; readonly binormal: Vec3 };

const patientLeft: Vec3 = [1, 0, 0];
const patientBack: Vec3 = [0, 1, 0];

/** Unit vector across a direction, as near as can be to a preferred one, or to the patient's back where those are parallel. */
function acrossFrom(tangent: Vec3, preferred: Vec3): Vec3 {
  const part = (direction: Vec3) => subtract(direction, scale(tangent, dot(direction, tangent)));
  const across = part(preferred);
  return normalize(length(across) > 0.3 ? across : part(patientBack));
}

/** Frames at 0, `everyMm`, 2 `everyMm` and so on. The first one's `across` is as near to the patient's left as can be. */
export function pathFrames(path: Path, everyMm: number, count: number): readonly PathFrame[] {
  const frames: PathFrame[] = [];
  for (let index = 0; index < count; index++) {
    const here = path.at(index * everyMm);
    const before = frames.at(-1);
    const across = before ? carried(before, here) : acrossFrom(here.tangent, patientLeft);
    frames.push({ ...here, across, binormal: cross(here.tangent, across) });
  }
  return frames;
}

/** Two reflections: one takes the point to the next, the other the tangent to the next one's. */
function carried(before: PathFrame, { pointLps, tangent }: PathPoint): Vec3 {
  const step = subtract(pointLps, before.pointLps);
  const across = reflected(before.across, step);
  return acrossFrom(tangent, reflected(across, subtract(tangent, reflected(before.tangent, step))));
}

function reflected(vector: Vec3, normal: Vec3): Vec3 {
  const size = dot(normal, normal);
  return size < 1e-24 ? vector : subtract(vector, scale(normal, (2 * dot(normal, vector)) / size));
}

/** The smallest radius with which the path bends from frame to frame, mm; infinite for a straight one. */
export function tightestBendMm(frames: readonly PathFrame[], everyMm: number): number {
  const turns = frames.slice(1).map(({ tangent }, index) => {
    const cosine = dot(tangent, frames[index]!.tangent);
    return Math.acos(Math.min(Math.max(cosine, -1), 1));
  });
  const most = Math.max(0, ...turns);
  return most < 1e-9 ? Infinity : everyMm / most;
}
