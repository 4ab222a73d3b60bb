/** Which masks become frames: those with something inside, segment by segment, along the normal. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { Segmentation } from "../derived-output.ts";

export type MaskFrame = {
  /** From 1. */
  readonly segmentNumber: number;
  readonly plane: number;
  readonly mask: Uint8Array;
};

/**
 * Where nothing at all is inside, each segment keeps one empty frame: that nothing was found is a result, and an object
 * without frames is none. `ranks`: of each plane. Refusals: SEGMENTS_MISSING, MASK_MISFIT, MASK_NOT_BINARY.
 */
export function maskFrames(
  { segments, planes }: Segmentation,
  pixels: number,
  ranks: readonly number[],
): readonly MaskFrame[] | Refusal {
  if (segments.length === 0) return refusal("SEGMENTS_MISSING", "A segmentation needs a segment.");
  const fault = segments.map(({ masks }) => faultOf(masks, planes.length, pixels)).find((found) => found);
  if (fault) return fault;
  const inOrder = ranks.map((_, plane) => plane).toSorted((one, other) => ranks[one]! - ranks[other]!);
  const frames = segments.flatMap(({ masks }, index) =>
    inOrder.flatMap((plane): MaskFrame[] => {
      const mask = masks[plane];
      return mask?.includes(1) ? [{ segmentNumber: index + 1, plane, mask }] : [];
    }),
  );
  if (frames.length > 0) return frames;
  const mask = new Uint8Array(pixels);
  return segments.map((_, index) => ({ segmentNumber: index + 1, plane: inOrder[0]!, mask }));
}

function faultOf(
  masks: readonly (Uint8Array | undefined)[],
  planes: number,
  pixels: number,
): Refusal | undefined {
  if (masks.length !== planes)
    return refusal("MASK_MISFIT", `A segment has ${masks.length} masks for ${planes} planes.`);
  for (const mask of masks) {
    if (!mask) continue;
    if (mask.length !== pixels)
      return refusal("MASK_MISFIT", `A mask has ${mask.length} pixels where its plane has ${pixels}.`);
    if (!isBinary(mask)) return refusal("MASK_NOT_BINARY", "A mask holds other values than 0 and 1.");
  }
  return undefined;
}

/** A loop and no callback: volumes have a hundred million pixels. */
function isBinary(mask: Uint8Array): boolean {
  for (const value of mask) if (value > 1) return false;
  return true;
}
