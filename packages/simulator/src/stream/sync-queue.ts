/** What waits for the replica's disk: one fsync takes all that was written before it. */
import type { Random } from "../kernel/seeded-random.ts";
import type { ReplicaDisk } from "./replica-disk.ts";

type SyncDeps = {
  readonly disk: ReplicaDisk;
  readonly random: Random;
  readonly after: (delayMs: number, what: string, act: () => void) => void;
};

const fsyncMaxMs = 3;

export class SyncQueue {
  readonly #deps: SyncDeps;
  #syncing: { cancelled: boolean } | undefined;
  #waiting: { length: number; act: () => void }[] = [];

  constructor(deps: SyncDeps) {
    this.#deps = deps;
  }

  /** Acts once the first `length` entries are fsynced. */
  whenSynced(length: number, act: () => void): void {
    if (this.#deps.disk.synced >= length) return act();
    this.#waiting.push({ length, act });
    this.#start();
  }

  #start(): void {
    const { disk, random, after } = this.#deps;
    if (this.#syncing || disk.synced >= disk.entries.length) return;
    const syncing = { cancelled: false };
    const target = disk.entries.length;
    this.#syncing = syncing;
    after(random.between(0.2, fsyncMaxMs), "fsync", () => {
      if (syncing.cancelled) return this.#start();
      this.#syncing = undefined;
      disk.synced = target;
      const due = this.#waiting.filter((waiting) => waiting.length <= target);
      this.#waiting = this.#waiting.filter((waiting) => waiting.length > target);
      for (const { act } of due) act();
      this.#start();
    });
  }

  /** The entries behind `length` are gone: whoever waits for them waits for nothing. */
  cutTo(length: number): void {
    const { disk } = this.#deps;
    disk.synced = Math.min(disk.synced, length);
    this.#waiting = this.#waiting.filter((waiting) => waiting.length <= length);
    if (this.#syncing) this.#syncing.cancelled = true;
    this.#syncing = undefined;
  }
}
