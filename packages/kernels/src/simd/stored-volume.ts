/** A volume as the engine takes it: signed 16 bits, one slope and intercept, a whole range of stored values for the gaps. */
import type { Volume } from "@releve/domain/volume";

export type StoredVolume = {
  readonly values: Int16Array | Uint16Array;
  /** Unsigned values are stored 32,768 lower, so that they are signed. */
  readonly unsigned: boolean;
  readonly slope: number;
  readonly intercept: number;
  readonly gapLow: number;
  readonly gapHigh: number;
};

/** No stored value lies from 1 to 0. */
export const noGaps = { gapLow: 1, gapHigh: 0 };

/** @returns undefined for volumes of real-world values, which 16 bits do not hold. */
export function storedVolume({ voxels, padding }: Volume): StoredVolume | undefined {
  if (voxels.kind !== "stored" || voxels.slope === 0) return undefined;
  const unsigned = voxels.values instanceof Uint16Array;
  const shift = unsigned ? 32_768 : 0;
  return {
    values: voxels.values,
    unsigned,
    slope: voxels.slope,
    intercept: voxels.intercept + shift * voxels.slope,
    ...(padding ? gapsOf(Math.ceil(padding.low) - shift, Math.floor(padding.high) - shift) : noGaps),
  };
}

function gapsOf(low: number, high: number) {
  const gapLow = Math.max(low, -32_768);
  const gapHigh = Math.min(high, 32_767);
  return gapLow <= gapHigh ? { gapLow, gapHigh } : noGaps;
}
