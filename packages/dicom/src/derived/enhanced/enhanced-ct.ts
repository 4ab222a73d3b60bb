/** Enhanced CT (PS3.3 C.8.15.3) in the words of the CT Image Module. */
import type { Attributes } from "../../data-set/attributes.ts";
import type { Facts } from "./classic-attributes.ts";

export function enhancedCtFacts(groups: Attributes): Facts {
  const [anatomy] = groups.items("FrameAnatomySequence");
  return { Laterality: sideOf(anatomy?.string("FrameLaterality")) };
}

/** The classic Laterality knows sides only; B and U have no word in it. */
export function sideOf(frameLaterality: string | undefined): readonly string[] | undefined {
  return frameLaterality === "L" || frameLaterality === "R" ? [frameLaterality] : undefined;
}
