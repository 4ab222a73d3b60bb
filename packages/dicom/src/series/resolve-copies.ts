/**
 * Several frames at one position with the same split values: copies of one another are left out but for the first; where
 * they are different images, nothing can say which is right, and the whole volume is refused rather than one of them chosen.
 */
import type { LeftOut } from "@releve/domain/series-split";
import type { Division } from "./divide-volumes.ts";
import type { ImageFrame } from "./image-frame.ts";

type Resolved = {
  readonly volume?: Extract<Division, { kind: "volume" }>;
  readonly leftOut: readonly LeftOut[];
};

export function resolveCopies(
  division: Division,
  pixelDigests: ReadonlyMap<string, string | undefined>,
): Resolved {
  if (division.kind === "volume") return { volume: division, leftOut: [] };
  const identity = ({ source, plane }: ImageFrame) =>
    JSON.stringify([
      pixelDigests.get(source.digest) ?? source.digest,
      source.frameIndex,
      source.tile,
      plane.originLps.map((value) => value.toFixed(2)),
    ]);
  const doubtful = division.positions.filter((position) => new Set(position.map(identity)).size > 1).length;
  const frames = division.positions.flat();
  if (doubtful > 0) {
    const reason = `At ${doubtful} of ${division.positions.length} positions lie different images that nothing tells apart.`;
    return { leftOut: frames.map((frame) => leave(frame, "AMBIGUOUS_POSITION", reason)) };
  }
  return {
    volume: {
      kind: "volume",
      split: division.split,
      frames: division.positions.map(([first]) => first!),
    },
    leftOut: division.positions.flatMap(([, ...copies]) =>
      copies.map((copy) => leave(copy, "DUPLICATE_POSITION", "A copy of it lies at the same position.")),
    ),
  };
}

function leave({ source }: ImageFrame, code: string, reason: string): LeftOut {
  return { sopInstanceUid: source.sopInstanceUid, code, reason };
}
