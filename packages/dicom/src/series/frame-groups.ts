/**
 * Where the attributes of one frame stand: in the data set itself, or in the functional groups of an Enhanced or Legacy
 * Converted object, per frame before shared (PS3.3 C.7.6.16).
 */
import type { Attributes } from "../data-set/attributes.ts";

export type FrameGroups = {
  readonly root: Attributes;
  /** False for a single-frame object: every macro then stands in the data set itself. */
  readonly multiFrame: boolean;
  /** The item of a functional group macro that holds for this frame. */
  readonly macro: (sequenceKeyword: string) => Attributes | undefined;
};

export function singleFrameGroups(root: Attributes): FrameGroups {
  return { root, multiFrame: false, macro: () => root };
}

/** One for each item of the Per-Frame Functional Groups Sequence; none where the object has no such sequence. */
export function functionalGroups(root: Attributes): FrameGroups[] {
  const shared = root.items("SharedFunctionalGroupsSequence")[0];
  return root.items("PerFrameFunctionalGroupsSequence").map((own) => ({
    root,
    multiFrame: true,
    macro: (sequenceKeyword) => own.items(sequenceKeyword)[0] ?? shared?.items(sequenceKeyword)[0],
  }));
}

/** Converted objects keep here what has no macro of its own (PS3.3 C.7.6.16.2.25). */
const unassigned = [
  "UnassignedPerFrameConvertedAttributesSequence",
  "UnassignedSharedConvertedAttributesSequence",
] as const;

/** The number in its macro, or where a converted object or a careless writer put it. */
export function frameNumber(
  groups: FrameGroups,
  sequenceKeyword: string,
  keyword: string,
): number | undefined {
  return firstOf(groups, sequenceKeyword, (attributes) => attributes.number(keyword));
}

export function frameString(
  groups: FrameGroups,
  sequenceKeyword: string,
  keyword: string,
): string | undefined {
  return firstOf(groups, sequenceKeyword, (attributes) => attributes.string(keyword));
}

function firstOf<T>(
  groups: FrameGroups,
  sequenceKeyword: string,
  read: (attributes: Attributes) => T | undefined,
): T | undefined {
  const own = groups.macro(sequenceKeyword);
  const found = own && read(own);
  if (found !== undefined || !groups.multiFrame) return found;
  for (const sequence of unassigned) {
    const converted = groups.macro(sequence);
    const value = converted && read(converted);
    if (value !== undefined) return value;
  }
  return read(groups.root);
}
