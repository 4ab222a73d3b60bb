/** Frames that lie in a series and do not belong to its volumes: a scout without its name, or one without the rescale of the rest. */
import type { LeftOut } from "@releve/domain/series-split";
import { groupBySameOrientation } from "./group-frames.ts";
import type { ImageFrame } from "./image-frame.ts";

/** A pile of at least so many slices makes a lone image of another orientation a scout. */
const minPile = 3;

export function dropStrayFrames(frames: readonly ImageFrame[]): {
  readonly kept: readonly ImageFrame[];
  readonly leftOut: readonly LeftOut[];
} {
  const piles = groupBySameOrientation(frames);
  const largest = Math.max(0, ...piles.map((pile) => pile.length));
  const lone = new Set(largest >= minPile ? piles.flatMap((pile) => (pile.length === 1 ? pile : [])) : []);
  const someRescaled = frames.some(({ rescaled }) => rescaled);
  const bare = new Set(frames.filter((frame) => someRescaled && !frame.rescaled && !lone.has(frame)));
  return {
    kept: frames.filter((frame) => !lone.has(frame) && !bare.has(frame)),
    leftOut: [
      ...[...lone].map((frame) =>
        leave(frame, "OTHER_ORIENTATION", "It alone lies across the others, as a scout does."),
      ),
      ...[...bare].map((frame) =>
        leave(frame, "RESCALE_MISSING", "It lacks the rescale that the others of its series have."),
      ),
    ],
  };
}

function leave({ source }: ImageFrame, code: string, reason: string): LeftOut {
  return { sopInstanceUid: source.sopInstanceUid, code, reason };
}
