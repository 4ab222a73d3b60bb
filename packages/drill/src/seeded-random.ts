/** Everything random in a drill comes from here, so that a printed seed makes the same choices again (mulberry32). */
import { createHash } from "node:crypto";

export type SeededRandom = {
  /** From `from` up to and including `to`. */
  readonly integer: (from: number, to: number) => number;
  /** @throws RangeError for an empty list. */
  readonly pick: <T>(list: readonly T[]) => T;
  /** The whole list in a random order. */
  readonly shuffle: <T>(list: readonly T[]) => T[];
};

/** The same seed gives the same choices in the same order. */
export function seededRandom(seed: string): SeededRandom {
  let state = createHash("sha256").update(seed).digest().readUInt32LE();
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const integer = (from: number, to: number) => from + Math.floor(uniform() * (to - from + 1));
  const pick = <T>(list: readonly T[]): T => {
    if (list.length === 0) throw new RangeError("there is nothing to pick from");
    return list[integer(0, list.length - 1)]!;
  };
  const shuffle = <T>(list: readonly T[]): T[] => {
    const rest = [...list];
    return list.map(() => rest.splice(integer(0, rest.length - 1), 1)[0]!);
  };
  return { integer, pick, shuffle };
}
