/** Writes one batch of rows and the checkpoint in one transaction. */
import type { DatabaseSync } from "node:sqlite";
import type { Position } from "../event-log.ts";
import { commitNumbers, type Checkpoint, type RowBatch } from "./row-batch.ts";

export type RowWriter = {
  /** @returns false, with nothing written, when the file does not hold what the batch was made for. */
  readonly write: (batch: RowBatch) => boolean;
};

export function rowWriter(db: DatabaseSync): RowWriter {
  const insertCommit = db.prepare("INSERT INTO commits VALUES (?, ?, ?, ?, ?)");
  const insertPicture = db.prepare("INSERT OR IGNORE INTO pictures VALUES (?)");
  const insertStream = db.prepare("INSERT INTO streams VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  const updateStream = db.prepare(
    "UPDATE streams SET job = ?, study = ?, status = ?, unread = ?, view = ? WHERE n = ?",
  );
  const updateProgress = db.prepare(
    "UPDATE progress SET epoch = ?, position = ?, commits = ?, events = ?, streams = ?",
  );

  const writeRows = ({ commits, bodies, streams, pictures, next }: RowBatch): void => {
    for (let at = 0, start = 0; at < commits.length; at += commitNumbers) {
      const [n, position, stream, unread, end] = commits.subarray(
        at,
        at + commitNumbers,
      ) as unknown as Numbers;
      insertCommit.run(n, position, stream, unread, bodies.subarray(start, end));
      start = end;
    }
    for (const [isNew, n, kind, id, job, study, status, unread, view] of streams)
      if (isNew) insertStream.run(n, kind, id, job, study, status, unread, view);
      else updateStream.run(job, study, status, unread, view, n);
    for (const digest of pictures) insertPicture.run(digest);
    updateProgress.run(next.epoch, next.position ?? 0, next.commits, next.events, next.streams);
  };

  return {
    write: (batch) => {
      db.exec("BEGIN IMMEDIATE");
      try {
        const fits = checkpointOf(db).commits === batch.before.commits;
        if (fits) writeRows(batch);
        db.exec("COMMIT");
        return fits;
      } catch (error) {
        if (db.isTransaction) db.exec("ROLLBACK");
        throw error;
      }
    },
  };
}

type Numbers = readonly [number, number, number, number, number];

export function checkpointOf(db: DatabaseSync): Checkpoint {
  const row = db.prepare("SELECT epoch, position, commits, events, streams FROM progress").get();
  const { epoch, position, commits, events, streams } = row as Record<keyof Checkpoint, number>;
  return { epoch, position: commits === 0 ? undefined : (position as Position), commits, events, streams };
}
