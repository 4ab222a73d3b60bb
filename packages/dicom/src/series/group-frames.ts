/** Frames that could lie in one grid: same SOP class, matrix, spacing, orientation, frame of reference and units. */
import { finding } from "./finding.ts";
import type { Finding } from "@releve/domain/series-split";
import { cross, length, normalize, subtract, type Vec3 } from "@releve/domain/vec3";
import type { ImageFrame } from "./image-frame.ts";

/** How far the ends of two unit directions may lie apart and still count as one direction: 0.1 degree, 0.3 mm at 150 mm. */
const sameDirection = 0.0018;
/** Relative difference of two spacings that are only differently rounded. */
const sameSpacing = 1e-3;

/** What one group has in another way than the rest of its series, by the number or the text that tells it apart. */
export type FrameGroup = {
  readonly frames: readonly ImageFrame[];
  readonly split: Readonly<Record<string, string | number>>;
  readonly findings: readonly Finding[];
};

type Trait = {
  readonly name: string;
  readonly code: string;
  readonly says: string;
  readonly same: (a: ImageFrame, b: ImageFrame) => boolean;
  /** Undefined: the groups are numbered. */
  readonly label?: (frame: ImageFrame) => string;
};

const traits: readonly Trait[] = [
  {
    name: "sopClass",
    code: "MIXED_SOP_CLASSES",
    says: "The series mixes kinds of objects",
    same: (a, b) => a.source.sopClassUid === b.source.sopClassUid,
  },
  {
    name: "frameOfReference",
    code: "SEVERAL_FRAMES_OF_REFERENCE",
    says: "The series holds images of several frames of reference, whose positions cannot be compared",
    same: (a, b) => a.frameOfReferenceUid === b.frameOfReferenceUid,
  },
  {
    name: "orientation",
    code: "MIXED_ORIENTATIONS",
    says: "The series holds images of several orientations",
    same: sameOrientation,
  },
  {
    name: "matrix",
    code: "MIXED_MATRIX_SIZES",
    says: "The series holds images of several sizes",
    same: (a, b) => a.plane.rows === b.plane.rows && a.plane.columns === b.plane.columns,
    label: ({ plane }) => `${plane.columns}x${plane.rows}`,
  },
  {
    name: "pixelSpacingMm",
    code: "MIXED_PIXEL_SPACING",
    says: "The series holds images of several pixel spacings",
    same: (a, b) =>
      close(length(a.plane.rowStepLps), length(b.plane.rowStepLps)) &&
      close(length(a.plane.columnStepLps), length(b.plane.columnStepLps)),
    label: ({ plane }) =>
      [plane.columnStepLps, plane.rowStepLps].map((step) => Number(length(step).toPrecision(6))).join("x"),
  },
  {
    name: "units",
    code: "MIXED_UNITS",
    says: "The series holds images in several units",
    same: (a, b) => a.units === b.units,
    label: ({ units }) => units ?? "none",
  },
];

/** In the order of the first frame of each. A series that needs no grouping comes back as one group without a split. */
export function groupFrames(frames: readonly ImageFrame[]): FrameGroup[] {
  const groups = groupBy(frames, (a, b) => traits.every(({ same }) => same(a, b)));
  const varying = traits.filter(({ same }) => groups.some(([first]) => !same(groups[0]![0]!, first!)));
  return groups.map((members) => ({
    frames: members,
    split: Object.fromEntries(varying.map((trait) => [trait.name, labelOf(trait, members[0]!, groups)])),
    findings: varying.map(({ code, says }) =>
      finding(code, `${says}; this volume is one of them.`, { groups: groups.length }),
    ),
  }));
}

/** In the order of the first frame of each. */
export function groupBySameOrientation(frames: readonly ImageFrame[]): ImageFrame[][] {
  return groupBy(frames, sameOrientation);
}

function groupBy(
  frames: readonly ImageFrame[],
  same: (a: ImageFrame, b: ImageFrame) => boolean,
): ImageFrame[][] {
  const groups: ImageFrame[][] = [];
  for (const frame of frames) {
    const group = groups.find(([first]) => same(first!, frame));
    if (group) group.push(frame);
    else groups.push([frame]);
  }
  return groups;
}

/** The trait's own text, or its number among the different ones. */
function labelOf(
  trait: Trait,
  frame: ImageFrame,
  groups: readonly (readonly ImageFrame[])[],
): string | number {
  if (trait.label) return trait.label(frame);
  const different: ImageFrame[] = [];
  for (const [first] of groups) {
    if (!different.some((known) => trait.same(known, first!))) different.push(first!);
  }
  return different.findIndex((known) => trait.same(known, frame)) + 1;
}

export function sliceNormal({ plane }: ImageFrame): Vec3 {
  return normalize(cross(plane.columnStepLps, plane.rowStepLps));
}

function sameOrientation(a: ImageFrame, b: ImageFrame): boolean {
  return (["columnStepLps", "rowStepLps"] as const).every(
    (step) => length(subtract(normalize(a.plane[step]), normalize(b.plane[step]))) <= sameDirection,
  );
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= sameSpacing * Math.max(a, b);
}
