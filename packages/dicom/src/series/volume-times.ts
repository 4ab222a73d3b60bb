/**
 * When each volume of a series was acquired, after the first of them: curves over time need it, whatever told the volumes
 * apart. A time of day belongs to a patient and stays here.
 */
import type { ImageFrame } from "./image-frame.ts";

/** In milliseconds, by the names of split-keys.ts. Some scanners give every image of a dynamic series one Acquisition Time. */
const clocks: readonly { readonly key: string; readonly toMs: number }[] = [
  { key: "temporalOffsetSeconds", toMs: 1000 },
  { key: "acquisitionMs", toMs: 1 },
  { key: "triggerTimeMs", toMs: 1 },
  { key: "contentMs", toMs: 1 },
];

/**
 * Seconds, the mean over each volume's frames, by the first clock that all frames have and that no two volumes share; undefined
 * where there is none, or only one volume.
 */
export function volumeTimesSeconds(
  volumes: readonly (readonly ImageFrame[])[],
): readonly number[] | undefined {
  if (volumes.length < 2) return undefined;
  for (const { key, toMs } of clocks) {
    const meansMs = volumes.map((frames) => meanOf(frames, key) * toMs);
    if (meansMs.some((value) => !Number.isFinite(value)) || new Set(meansMs).size < meansMs.length) continue;
    const firstMs = Math.min(...meansMs);
    return meansMs.map((value) => Math.round((value - firstMs) * 1e3) / 1e6);
  }
  return undefined;
}

/** NaN where a frame has no number there. */
function meanOf(frames: readonly ImageFrame[], key: string): number {
  const values = frames.map(({ splitValues }) => splitValues[key]);
  if (!values.every((value) => typeof value === "number")) return Number.NaN;
  // From the first one on: sums of milliseconds since 1970 are near the end of what a double counts.
  const [first = Number.NaN] = values;
  return first + values.reduce((sum, value) => sum + (value - first), 0) / values.length;
}
