/** Looks for orphans once a day, and says how many there are. */
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { ObjectIndex } from "@releve/store/object-index";
import { findOrphans, type OrphanDeps } from "./find-orphans.ts";

export type ListDeps = Omit<OrphanDeps, "index"> & {
  readonly clock: Clock;
  /** The index once it holds the whole journal: one that lags would make orphans of what was accepted. */
  readonly currentIndex: () => Promise<ObjectIndex>;
  readonly onOrphans: (found: {
    readonly objects: number;
    readonly bytes: number;
    readonly oldest: string;
  }) => void;
  readonly onFault: (fault: Fault) => void;
};

/** Not at the start, when everything else reads the ledger too. */
const firstLookMs = 3_600_000;
const everyMs = 24 * 3_600_000;

/** Runs until the signal is aborted. */
export async function listOrphans(deps: ListDeps, signal: AbortSignal): Promise<void> {
  let prefix = 0;
  for (let pauseMs = firstLookMs; ; pauseMs = everyMs) {
    await deps.clock.wait(pauseMs, signal);
    if (signal.aborted) return;
    try {
      const { objects, nextPrefix } = await findOrphans(
        { ...deps, index: await deps.currentIndex() },
        prefix,
      );
      prefix = nextPrefix;
      const [oldest] = objects.toSorted((a, b) => a.atMs - b.atMs);
      const bytes = objects.reduce((sum, object) => sum + object.bytes, 0);
      if (oldest) deps.onOrphans({ objects: objects.length, bytes, oldest: oldest.digest });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      deps.onFault(error);
    }
  }
}
