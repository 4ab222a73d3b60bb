/** What a stream's server has on its disk. What was written but not yet fsynced is gone after a crash. */
export type StoredEntry = {
  readonly term: number;
  /** The stream's sequence up to and including this entry. */
  readonly seq: number;
  /** Absent for the entry with which a new leader begins. */
  readonly message?: { readonly subject: string; readonly data: Uint8Array; readonly id: string | undefined };
  readonly atMs: number;
};

export type ReplicaDisk = {
  term: number;
  votedFor: number | undefined;
  entries: StoredEntry[];
  /** How many entries are fsynced. */
  synced: number;
  /** How many of them are known to be committed. */
  committed: number;
};

export const emptyDisk = (): ReplicaDisk => ({
  term: 0,
  votedFor: undefined,
  entries: [],
  synced: 0,
  committed: 0,
});

export function loseUnsynced(disk: ReplicaDisk): void {
  disk.entries.length = Math.min(disk.entries.length, disk.synced);
  disk.committed = Math.min(disk.committed, disk.synced);
}
