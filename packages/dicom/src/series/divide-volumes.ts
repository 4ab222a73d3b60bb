/**
 * Divides the frames of one grid into volumes, each with one frame at a position.
 *
 * A value that must never be mixed (b-value, magnitude and phase, echo) always divides. Any other divides only where one
 * position holds several frames, and only if it tells frames of one position apart without having more values than a
 * position has frames: a value that differs from slice to slice is no dimension of the series.
 */
import type { ImageFrame } from "./image-frame.ts";
import { groupByPosition } from "./positions.ts";
import { splitKeys, type SplitKey, type SplitValue } from "./split-keys.ts";

export type Split = Readonly<Record<string, string | number>>;

export type Division =
  | { readonly kind: "volume"; readonly split: Split; readonly frames: readonly ImageFrame[] }
  /** Several frames at a position and nothing that tells them apart. */
  | {
      readonly kind: "ambiguous";
      readonly split: Split;
      readonly positions: readonly (readonly ImageFrame[])[];
    };

type Part = {
  readonly name: string;
  readonly value: string | number | undefined;
  readonly frames: readonly ImageFrame[];
};

/** Ordered by the values that divide. */
export function divideVolumes(frames: readonly ImageFrame[]): Division[] {
  return divide(frames, splitKeys, {});
}

function divide(frames: readonly ImageFrame[], keys: readonly SplitKey[], split: Split): Division[] {
  const positions = groupByPosition(frames);
  const single = positions.every((position) => position.length === 1);
  for (const [index, key] of keys.entries()) {
    if (single && key.when !== "always") continue;
    const parts = partsBy(key, frames, positions);
    if (!parts) continue;
    const rest = keys.slice(index + 1);
    return parts.flatMap(({ name, value, frames: members }) =>
      divide(members, rest, value === undefined ? split : { ...split, [name]: value }),
    );
  }
  return single
    ? [{ kind: "volume", split, frames: positions.map(([frame]) => frame!) }]
    : [{ kind: "ambiguous", split, positions }];
}

function partsBy(
  key: SplitKey,
  frames: readonly ImageFrame[],
  positions: readonly (readonly ImageFrame[])[],
): Part[] | undefined {
  const valueOf = (frame: ImageFrame) => frame.splitValues[key.name];
  const values = new Set(frames.map(valueOf));
  if (values.size < 2) return undefined;
  if (key.when === "always") return byValue(key, frames, valueOf);
  const distinct = positions.map((position) => new Set(position.map(valueOf)).size);
  if (distinct.every((count) => count === 1)) return undefined;
  const deepest = Math.max(...positions.map((position) => position.length));
  if (values.size <= deepest) return byValue(key, frames, valueOf);
  return key.ordered ? byRank(key, positions, distinct, valueOf) : undefined;
}

function byValue(
  { name }: SplitKey,
  frames: readonly ImageFrame[],
  valueOf: (frame: ImageFrame) => SplitValue,
): Part[] {
  return [...Map.groupBy(frames, valueOf)]
    .map(([value, members]) => ({ name, value, frames: members }))
    .toSorted((a, b) => compareValues(a.value, b.value));
}

/** The n-th frame in time of every position: only if all positions have as many, each at its own time. */
function byRank(
  { name }: SplitKey,
  positions: readonly (readonly ImageFrame[])[],
  distinct: readonly number[],
  valueOf: (frame: ImageFrame) => SplitValue,
): Part[] | undefined {
  const depth = positions[0]!.length;
  if (positions.some((position, index) => position.length !== depth || distinct[index] !== depth))
    return undefined;
  if (positions.some((position) => position.some((frame) => valueOf(frame) === undefined))) return undefined;
  const sorted = positions.map((position) =>
    position.toSorted((a, b) => compareValues(valueOf(a), valueOf(b))),
  );
  return Array.from({ length: depth }, (_, rank) => ({
    name: `${name.replace(/(Ms|Seconds)$/, "")}Index`,
    value: rank + 1,
    frames: sorted.map((position) => position[rank]!),
  }));
}

/** Absent before numbers before texts. */
export function compareValues(a: SplitValue, b: SplitValue): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === typeof b) return a < b ? -1 : 1;
  return typeof a === "number" ? -1 : 1;
}
