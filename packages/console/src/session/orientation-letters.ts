/** What lies at each side of the picture: L(eft), R(ight), A(nterior), P(osterior), H(ead), F(oot) of the patient. */
import { scale, type Vec3 } from "@releve/domain/vec3";
import type { Camera } from "@releve/wire/session/view-state";

export type Sides = {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
};

/** LPS: x grows to the left, y to the back, z to the head. */
const letters = [
  ["L", "R"],
  ["P", "A"],
  ["H", "F"],
] as const;

/** The directions that matter, the largest first; a plane that is askew has two or three letters. */
function toward(direction: Vec3): string {
  return direction
    .map((part, axis) => ({ part, letter: letters[axis]![part > 0 ? 0 : 1] }))
    .filter(({ part }) => Math.abs(part) > 0.2)
    .toSorted((a, b) => Math.abs(b.part) - Math.abs(a.part))
    .map(({ letter }) => letter)
    .join("");
}

export const sidesOf = ({ rightLps, downLps }: Pick<Camera, "rightLps" | "downLps">): Sides => ({
  left: toward(scale(rightLps, -1)),
  right: toward(rightLps),
  top: toward(scale(downLps, -1)),
  bottom: toward(downLps),
});
