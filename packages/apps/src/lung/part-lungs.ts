/** Which of the air within the body is the left lung and which the right one. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import { componentBoxes, type VoxelBox } from "../regions/component-boxes.ts";
import { labelComponents, type Components, type GridSize } from "../regions/label-components.ts";
import { unmeasured } from "../regions/classify-voxels.ts";
import { cutAtMidline } from "./cut-at-midline.ts";
import { tissueClass } from "./density-bounds.ts";

/** Masks of the lung on the low and on the high columns' side. */
export type LungPair = { readonly low: Uint8Array; readonly high: Uint8Array; readonly leftOutMl: number };

/** Less is bowel gas or a bubble. */
const lungMinMl = 50;
/** One component is both lungs where at least so much of it lies on either side of the middle. */
const joinedShareMin = 0.25;
/** The other lung has at least so much of the larger one's volume. */
const otherShareMin = 0.1;

/**
 * @param air within the body without the airways
 * @param classes of density, higher is denser: where both lungs touch, the cut follows what is densest
 */
export function partLungs(
  air: Uint8Array,
  classes: Uint8Array,
  size: GridSize,
  voxelMl: number,
): LungPair | Refusal {
  const found = labelComponents(air, size, 6);
  const boxes = componentBoxes(found, size);
  const large = labelsBySize(found).filter((label) => found.voxelCounts[label]! * voxelMl >= lungMinMl);
  const candidates = large.filter((label) => !runsThrough(boxes[label]!, size));
  const [largest] = candidates;
  if (largest === undefined) return noLungs(large.length > 0);
  const middle = middleOfTissue(classes, size[0]);
  const highShares = sharesBeyond(found, size[0], middle);
  const highShare = highShares[largest]!;
  const mlOf = (labels: readonly number[]) =>
    labels.reduce((sum, label) => sum + found.voxelCounts[label]! * voxelMl, 0);
  const leftOutMl = (kept: readonly number[]) => mlOf(candidates.filter((label) => !kept.includes(label)));
  if (Math.min(highShare, 1 - highShare) >= joinedShareMin) {
    const width = boxes[largest]!.high[0] - boxes[largest]!.low[0];
    const pair = cutAtMidline(found.labels, largest, classes, size, { middle, reach: Math.ceil(width / 5) });
    return { ...pair, leftOutMl: leftOutMl([largest]) };
  }
  const other = candidates.find(
    (label) =>
      highShares[label]! > 0.5 !== highShare > 0.5 &&
      found.voxelCounts[label]! >= otherShareMin * found.voxelCounts[largest]!,
  );
  if (other === undefined)
    return refusal("LUNG_MISSING", "Only one lung was found: the other one is airless, absent or cut off.");
  const [low, high] = highShare > 0.5 ? [other, largest] : [largest, other];
  return { low: maskOf(found, low), high: maskOf(found, high), leftOutMl: leftOutMl([low, high]) };
}

function noLungs(throughOnly: boolean): Refusal {
  return throughOnly
    ? refusal(
        "LUNGS_CUT_OFF",
        "The air of the chest reaches from the first to the last slice: these are not whole lungs.",
      )
    : refusal("NO_LUNGS", `There is no air of at least ${lungMinMl} ml within the body.`);
}

const labelsBySize = ({ count, voxelCounts }: Components): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1).toSorted(
    (a, b) => voxelCounts[b]! - voxelCounts[a]!,
  );

/** A hollow table does, and lungs that are cut off at both ends. */
const runsThrough = ({ low, high }: VoxelBox, [, , slices]: GridSize): boolean =>
  low[2] === 0 && high[2] === slices - 1;

/** The mean column of all tissue: the middle of the body, also where one lung is full of water. */
function middleOfTissue(classes: Uint8Array, columns: number): number {
  const perColumn = new Float64Array(columns);
  for (let start = 0; start < classes.length; start += columns)
    for (let column = 0; column < columns; column++) {
      const value = classes[start + column]!;
      if (value >= tissueClass && value !== unmeasured) perColumn[column]!++;
    }
  const tissue = perColumn.reduce((sum, voxels) => sum + voxels, 0);
  return perColumn.reduce((sum, voxels, column) => sum + voxels * column, 0) / tissue;
}

/** By label, which share of the component lies at columns above `middle`. */
function sharesBeyond(
  { labels, count, voxelCounts }: Components,
  columns: number,
  middle: number,
): Float64Array {
  const beyond = new Float64Array(count + 1);
  for (let start = 0; start < labels.length; start += columns)
    for (let column = Math.ceil(middle); column < columns; column++) beyond[labels[start + column]!]!++;
  return beyond.map((voxels, label) => voxels / voxelCounts[label]!);
}

/** Not by `from`: it would put all labels into a list of objects first. */
function maskOf({ labels }: Components, wanted: number): Uint8Array {
  const mask = new Uint8Array(labels.length);
  for (let voxel = 0; voxel < mask.length; voxel++) if (labels[voxel] === wanted) mask[voxel] = 1;
  return mask;
}
