/** Bytes per second between sites as this node finds them, for placement; until something was measured, the default. */
import type { Clock } from "@releve/domain/clock";
import type { SiteId } from "@releve/domain/ids";
import { defaultBandwidth, type Bandwidth } from "./placement.ts";

export type TransferMeter = {
  /** A transfer begins; the returned function ends it with the bytes that came, 0 when it failed. */
  readonly begin: (from: SiteId, to: SiteId) => (bytes: number) => void;
  readonly bandwidth: Bandwidth;
};

type Pair = { active: number; sinceMs: number; bytes: number; bytesPerS: number | undefined };

/** How much the latest busy spell counts against all before it. */
const weight = 0.3;
/** A spell with less says more about the distance than about the link. */
const bytesMin = 1_000_000;
/** Nobody is so slow or so fast: one odd measurement must not keep every job at one site for ever. */
const slowest = 100_000;
const fastest = 10_000_000_000;

/**
 * Several transfers at once share a link, so what counts is the time in which at least one runs, and the bytes of all in it.
 */
export function newTransferMeter(clock: Clock): TransferMeter {
  const pairs = new Map<string, Pair>();

  const pairOf = (from: SiteId, to: SiteId): Pair => {
    const key = `${from} ${to}`;
    const pair = pairs.get(key) ?? { active: 0, sinceMs: 0, bytes: 0, bytesPerS: undefined };
    pairs.set(key, pair);
    return pair;
  };
  const close = (pair: Pair) => {
    const ms = clock.nowMs() - pair.sinceMs;
    if (pair.bytes < bytesMin || ms <= 0) return;
    const measured = Math.min(fastest, Math.max(slowest, (pair.bytes / ms) * 1_000));
    pair.bytesPerS =
      pair.bytesPerS === undefined ? measured : pair.bytesPerS + weight * (measured - pair.bytesPerS);
  };
  return {
    begin: (from, to) => {
      const pair = pairOf(from, to);
      if (pair.active === 0) Object.assign(pair, { sinceMs: clock.nowMs(), bytes: 0 });
      pair.active += 1;
      return (bytes) => {
        pair.active -= 1;
        pair.bytes += bytes;
        if (pair.active === 0) close(pair);
      };
    },
    bandwidth: (from, to) => pairs.get(`${from} ${to}`)?.bytesPerS ?? defaultBandwidth(from, to),
  };
}
