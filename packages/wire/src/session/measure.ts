/** What an annotation measures, from its points alone; values of voxels come from the node. */
import { dot, length, subtract, type Vec3 } from "@releve/domain/vec3";
import type { Annotation } from "./view-state.ts";

export type Measure =
  | { readonly kind: "length"; readonly mm: number }
  | { readonly kind: "angle"; readonly degrees: number }
  | { readonly kind: "circle"; readonly radiusMm: number; readonly areaMm2: number };

export function measure(annotation: Annotation): Measure {
  switch (annotation.kind) {
    case "length":
      return { kind: "length", mm: distance(...annotation.pointsLps) };
    case "angle":
      return { kind: "angle", degrees: angle(...annotation.pointsLps) };
    case "circle": {
      const radiusMm = distance(...annotation.pointsLps);
      return { kind: "circle", radiusMm, areaMm2: Math.PI * radiusMm ** 2 };
    }
  }
}

const distance = (from: Vec3, to: Vec3): number => length(subtract(to, from));

/** At the corner, 0 to 180; 0 where a side has no length. */
function angle(first: Vec3, corner: Vec3, second: Vec3): number {
  const [a, b] = [subtract(first, corner), subtract(second, corner)];
  const size = length(a) * length(b);
  if (size === 0) return 0;
  return (Math.acos(Math.min(1, Math.max(-1, dot(a, b) / size))) * 180) / Math.PI;
}
