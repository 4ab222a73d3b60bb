/** What every benchmark prints: ours, the peer's, the ratio, from runs in turn. */
import { writeFileSync } from "node:fs";

export type BenchRow = {
  readonly metric: string;
  readonly unit: string;
  /** Medians. */
  readonly ours: number;
  /** Null where the peer is not installed, or there is none. */
  readonly peer: number | null;
  readonly peerName: string;
  /** Why there is no peer's number, where it is not that it is not installed. */
  readonly withoutPeer?: string;
  /** Ours divided by the peer's. */
  readonly ratio: number | null;
  readonly runs: number;
};

export function benchRow(
  what: Pick<BenchRow, "metric" | "unit" | "peerName" | "withoutPeer">,
  ours: readonly number[],
  peer: readonly number[],
): BenchRow {
  const own = median(ours);
  const other = peer.length > 0 ? median(peer) : null;
  return { ...what, ours: own, peer: other, ratio: other === null ? null : own / other, runs: ours.length };
}

/** @throws RangeError for no values. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("a median needs a value");
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function printRows(rows: readonly BenchRow[], jsonFile: string | undefined): void {
  for (const { metric, unit, ours, peer, peerName, withoutPeer, ratio, runs } of rows) {
    const beside =
      peer === null
        ? `${peerName} ${withoutPeer ?? "is not installed"}`
        : `${peerName} ${peer.toFixed(1)}, ratio ${ratio!.toFixed(2)}`;
    process.stdout.write(`${metric}: ours ${ours.toFixed(1)} ${unit}, ${beside} (median of ${runs})\n`);
  }
  if (jsonFile !== undefined) writeFileSync(jsonFile, `${JSON.stringify(rows, undefined, 2)}\n`);
}
