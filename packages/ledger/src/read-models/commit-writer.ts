/**
 * Writes commits into a read model: each with its bytes, the views that it changes, and the checkpoint, in one transaction.
 * hand-over.ts gives the transactions to another thread instead.
 */
import type { DatabaseSync } from "node:sqlite";
import { encodeRead } from "../event-codec.ts";
import type { Commit, Position } from "../event-log.ts";
import { commitNumbers, type RowBatch } from "./row-batch.ts";
import { checkpointOf, rowWriter } from "./row-writer.ts";
import { streamRows, takeCommit } from "./stream-rows.ts";

export type CommitWriter = {
  /**
   * Takes in what is not in the model yet: commits that are, are passed over. `after` is the position that the first of them
   * follows (undefined: the ledger's beginning). @returns false when the model does not reach `after`: something is missing.
   */
  readonly write: (commits: readonly Commit[], epoch: number, after: Position | undefined) => boolean;
  /** What the commits change, to be written by another; `written` is to be told of each batch that was. */
  readonly prepare: (commits: readonly Commit[], epoch: number) => RowBatch;
  readonly written: () => void;
  /** Takes up what the file holds now, and forgets what was prepared. */
  readonly takeBack: () => void;
};

/** Another process writes the same file: each lost race means that it went on, so a few are enough. */
const racesMax = 8;

export function commitWriter(db: DatabaseSync): CommitWriter {
  const writer = rowWriter(db);
  let known = checkpointOf(db);
  const rows = streamRows(db, known.streams);
  let preparedBatch = 0;
  let writtenBatch = 0;

  const takeBack = (): void => {
    known = checkpointOf(db);
    rows.forget(known.streams);
    writtenBatch = preparedBatch;
  };
  const prepare = (commits: readonly Commit[], epoch: number): RowBatch => {
    const batch = ++preparedBatch;
    const before = known;
    const fresh = commits.filter(
      ({ position }) => before.position === undefined || position > before.position,
    );
    const pictures: string[] = [];
    const numbers = new Float64Array(fresh.length * commitNumbers);
    const bodies: Uint8Array[] = [];
    let { events } = before;
    let end = 0;
    for (const [index, commit] of fresh.entries()) {
      const row = rows.of(commit.stream, batch);
      const unreadBefore = row.unread;
      const count = takeCommit(row, commit, pictures);
      const body = commit.stored ?? encodeRead(commit);
      bodies.push(body);
      end += body.length;
      const unread = row.unread - unreadBefore;
      numbers.set([events + 1, commit.position, row.n, unread, end], index * commitNumbers);
      events += count;
    }
    const position = fresh.at(-1)?.position ?? before.position;
    const streams = rows.changes();
    known = { epoch, position, commits: before.commits + fresh.length, events, streams: rows.count() };
    return { before, next: known, commits: numbers, bodies: joined(bodies, end), streams, pictures };
  };
  const written = (): void => rows.release(++writtenBatch);

  const write: CommitWriter["write"] = (commits, epoch, after) => {
    for (let races = 0; races < racesMax; races++) {
      if (checkpointOf(db).commits !== known.commits) takeBack(); // another process wrote
      const { position } = known;
      if (after !== undefined && (position === undefined || position < after)) return false;
      try {
        if (writer.write(prepare(commits, epoch))) {
          written();
          return true;
        }
      } catch (error) {
        takeBack();
        throw error;
      }
      takeBack();
    }
    return false;
  };
  return { write, prepare, written, takeBack };
}

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
