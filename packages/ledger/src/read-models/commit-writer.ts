/** Writes commits into a read model: their events, the views that they change, and the checkpoint, all in one transaction. */
import type { DatabaseSync } from "node:sqlite";
import type { EventEnvelope, UnreadEvent } from "../envelope.ts";
import type { Commit, Position } from "../event-log.ts";
import { streamRows, takeEvent, type StreamRow } from "./stream-rows.ts";

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
  const insertEvent = db.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?)");
  const insertPicture = db.prepare("INSERT OR IGNORE INTO pictures VALUES (?)");
  const progress = db.prepare(
    "UPDATE progress SET epoch = ?, position = ?, commits = ?, events = ?, streams = ?",
  );
  let seen = start;

  const insert = (n: number, position: Position, row: StreamRow, item: EventEnvelope | UnreadEvent): void => {
    if ("why" in item) {
      row.unread++;
      insertEvent.run(n, position, row.n, item.why, item.json);
      return;
    }
    insertEvent.run(n, position, row.n, null, JSON.stringify(item));
    takeEvent(row, item);
    if (item.event.type !== "JobCompleted") return;
    for (const { digest } of item.event.pictures) insertPicture.run(digest);
  };

  const writeNew = (commits: readonly Commit[], before: Checkpoint, epoch: number): Checkpoint => {
    let { events, commits: count, position } = before;
    for (const commit of commits) {
      if (position !== undefined && commit.position <= position) continue;
      ({ position } = commit);
      count++;
      const row = rows.of(commit.stream);
      for (const item of inOrder(commit)) insert(++events, position, row, item);
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

/** The commit's events as they were written, those that cannot be read at their places. */
function inOrder({ events, unread }: Commit): readonly (EventEnvelope | UnreadEvent)[] {
  if (!unread) return events;
  const all: (EventEnvelope | UnreadEvent)[] = [...events];
  for (const item of unread) all.splice(item.index, 0, item); // ascending: each finds those before it in place
  return all;
}
