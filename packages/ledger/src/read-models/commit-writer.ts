/** Writes commits into a read model: their events, the views that they change, and the checkpoint, all in one transaction. */
import type { DatabaseSync } from "node:sqlite";
import { encodeRead } from "../event-codec.ts";
import type { Commit, Position } from "../event-log.ts";
import { streamRows, takeEvent } from "./stream-rows.ts";

export type Checkpoint = {
  /** Of the ledger that the model was made from; 0: it holds nothing yet. */
  readonly epoch: number;
  /** Of the last commit that is in the model; undefined: none is. */
  readonly position: Position | undefined;
  readonly commits: number;
  readonly events: number;
  readonly streams: number;
};

export type CommitWriter = {
  /**
   * Takes in what is not in the model yet: commits that are, are passed over. `after` is the position that the first of them
   * follows (undefined: the ledger's beginning). @returns false when the model does not reach `after`: something is missing.
   */
  readonly write: (commits: readonly Commit[], epoch: number, after: Position | undefined) => boolean;
};

const begin = "BEGIN IMMEDIATE";

export function commitWriter(db: DatabaseSync): CommitWriter {
  const start = checkpointOf(db);
  const rows = streamRows(db, start.streams);
  const insertCommit = db.prepare("INSERT INTO commits VALUES (?, ?, ?, ?, ?)");
  const insertPicture = db.prepare("INSERT OR IGNORE INTO pictures VALUES (?)");
  const progress = db.prepare(
    "UPDATE progress SET epoch = ?, position = ?, commits = ?, events = ?, streams = ?",
  );
  let seen = start;

  /** @returns how many events it has. */
  const take = (commit: Commit, n: number): number => {
    const row = rows.of(commit.stream);
    const unread = commit.unread?.length ?? 0;
    insertCommit.run(n, commit.position, row.n, unread, commit.stored ?? encodeRead(commit));
    row.unread += unread;
    for (const envelope of commit.events) {
      takeEvent(row, envelope);
      if (envelope.event.type !== "JobCompleted") continue;
      for (const { digest } of envelope.event.pictures) insertPicture.run(digest);
    }
    return commit.events.length + unread;
  };

  const writeNew = (commits: readonly Commit[], before: Checkpoint, epoch: number): Checkpoint => {
    let { events, commits: count, position } = before;
    for (const commit of commits) {
      if (position !== undefined && commit.position <= position) continue;
      ({ position } = commit);
      count++;
      events += take(commit, events + 1);
    }
    const streams = rows.flush();
    progress.run(epoch, position ?? 0, count, events, streams);
    return { epoch, position, commits: count, events, streams };
  };

  return {
    write: (commits, epoch, after) => {
      db.exec(begin);
      try {
        const before = checkpointOf(db);
        if (before.commits !== seen.commits) rows.forget(before.streams); // another process wrote
        const reaches = after === undefined || (before.position !== undefined && before.position >= after);
        const next = reaches ? writeNew(commits, before, epoch) : before;
        db.exec("COMMIT");
        seen = next;
        return reaches;
      } catch (error) {
        rows.forget(seen.streams);
        if (db.isTransaction) db.exec("ROLLBACK");
        throw error;
      }
    },
  };
}

export function checkpointOf(db: DatabaseSync): Checkpoint {
  const row = db.prepare("SELECT epoch, position, commits, events, streams FROM progress").get() as {
    readonly [column: string]: number;
  };
  const { epoch, position, commits, events, streams } = row as Record<keyof Checkpoint, number>;
  return { epoch, position: commits === 0 ? undefined : (position as Position), commits, events, streams };
}
