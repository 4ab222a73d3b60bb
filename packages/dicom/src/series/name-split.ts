/**
 * The split values as a plan shows them: gradient directions also numbered, and clock times as seconds since the first
 * volume, because a time of day belongs to a patient.
 */
import type { Split } from "./divide-volumes.ts";

const clocks = ["acquisitionMs", "contentMs"] as const;

/** Shown as their number among the volumes: a text would be long, or say when a patient was there. */
const numbered = { gradient: "direction", unreadableTime: "unreadableTimeIndex" } as const;

/** One split for each of the given ones, which are those of the volumes of one group. */
export function nameSplits(splits: readonly Split[]): Split[] {
  return splits.map((split) => {
    const named: Record<string, string | number> = { ...split };
    for (const [key, name] of Object.entries(numbered)) {
      if (split[key] !== undefined) named[name] = distinct(splits, key).indexOf(split[key]) + 1;
    }
    delete named["unreadableTime"];
    for (const clock of clocks) {
      const value = named[clock];
      if (typeof value !== "number") continue;
      delete named[clock];
      named["timeSeconds"] = (value - earliest(splits, clock)) / 1000;
    }
    return named;
  });
}

/** In the order of the volumes. */
function distinct(splits: readonly Split[], key: string): (string | number)[] {
  return [...new Set(splits.flatMap(({ [key]: value }) => (value === undefined ? [] : [value])))];
}

function earliest(splits: readonly Split[], clock: string): number {
  return Math.min(...splits.map((split) => Number(split[clock] ?? Number.POSITIVE_INFINITY)));
}
