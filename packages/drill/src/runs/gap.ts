/** How long work stood still: from the fault to the first event after it that shows affected work going on. */
import type { LedgerEvent } from "@releve/ledger/events";
import type { Arrival } from "../watch/ledger-watch.ts";

const progress: ReadonlySet<LedgerEvent["type"]> = new Set(["JobClaimed", "JobCompleted", "Delivered"]);
export const anyProgress = (event: LedgerEvent): boolean => progress.has(event.type);

/** Milliseconds; null when nothing of the kind came after it. */
export function gapMs(
  arrivals: readonly Arrival[],
  injectedAtMs: number,
  goesOn: (event: LedgerEvent) => boolean,
): number | null {
  const first = arrivals.find(
    ({ atMs, commit }) => atMs >= injectedAtMs && commit.events.some(({ event }) => goesOn(event)),
  );
  return first ? first.atMs - injectedAtMs : null;
}
