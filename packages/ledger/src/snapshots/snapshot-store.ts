/**
 * Folded states: those of the streams used last in memory, and a SQLite file with the latest of each stream for the next
 * start. Losing the file costs only time: whatever is wrong with it, it is put away and the streams are read from their
 * beginning. A row says what it was made of and carries a checksum, so that a damaged one is not used.
 */
import { mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { digestOf } from "@releve/domain/ids";
import type { StreamId } from "../event-log.ts";
import type { Snapshot, Snapshots } from "../fold.ts";
import { subjectOf } from "../streams.ts";
import { generationOf, type SnapshotCodec } from "./snapshot-codec.ts";

export type SnapshotStore = {
  /** The snapshots of one kind of stream. */
  readonly of: <State>(codec: SnapshotCodec<State>) => Snapshots<State>;
  readonly close: () => void;
};

export type SnapshotOptions = {
  /** A state is written to the file after so many commits that are not in it. */
  readonly everyCommits?: number;
  /** Of so many streams, those used last, the state stays in memory. */
  readonly inMemoryMax?: number;
  /** Of so many streams, those whose snapshots are the newest. */
  readonly streamsMax?: number;
  /** Told why the file is no longer used. */
  readonly onFault?: (error: unknown) => void;
};

/** Folding as many takes some 20 ms in a large study, and writing its state about as long: `bench studies`. */
const everyCommitsDefault = 20;
const streamsMaxDefault = 10_000;
/** A study of 10,000 objects is some 10 MB; so many receive images at the same time at the most. */
const inMemoryMaxDefault = 32;

/** Opens or makes the file. It never throws for the file's sake: one that cannot be used is told to `onFault`. */
export function openSnapshotStore(file: string, options: SnapshotOptions = {}): SnapshotStore {
  const { everyCommits = everyCommitsDefault, streamsMax = streamsMaxDefault, onFault } = options;
  const { inMemoryMax = inMemoryMaxDefault } = options;
  let rows: SnapshotRows | undefined;

  /** Runs `use` on the file; after an error there is none any more, until the next start makes a new one. */
  const guarded = <Result>(use: () => Result): Result | undefined => {
    try {
      return use();
    } catch (error) {
      onFault?.(error);
      rows?.close();
      rows = undefined;
      removeFile(file, onFault);
      return undefined;
    }
  };
  const open = (): SnapshotRows => openRows(file, streamsMax);
  rows = guarded(open) ?? guarded(open); // the first failure has removed the file

  const of = <State>(codec: SnapshotCodec<State>): Snapshots<State> => {
    const generation = generationOf(codec);
    const inMemory = latestStates<State>(inMemoryMax);
    const write = (stream: StreamId, snapshot: Snapshot<State>): void => {
      const json = JSON.stringify(codec.toJson(snapshot.state));
      guarded(() => rows?.put(stream, { ...snapshot, generation, json, digest: digestOf(json) }));
    };
    return {
      latest: (stream) =>
        inMemory.get(stream)?.snapshot ?? guarded(() => snapshotOf(rows?.get(stream), generation, codec)),
      offer: (stream, snapshot, commits) => {
        const unwritten = (inMemory.get(stream)?.unwritten ?? 0) + commits;
        if (unwritten >= everyCommits) write(stream, snapshot);
        inMemory.set(stream, { snapshot, unwritten: unwritten >= everyCommits ? 0 : unwritten });
      },
    };
  };
  return { of, close: () => rows?.close() };
}

type Row = Omit<Snapshot<never>, "state"> & {
  readonly generation: string;
  readonly json: string;
  readonly digest: string;
};

function snapshotOf<State>(
  row: Row | undefined,
  generation: string,
  codec: SnapshotCodec<State>,
): Snapshot<State> | undefined {
  if (!row || row.generation !== generation || digestOf(row.json) !== row.digest) return undefined;
  const { version, lastEventId, json } = row;
  return { version, lastEventId, state: codec.fromJson(JSON.parse(json)) };
}

// ---- In memory

type Latest<State> = {
  readonly snapshot: Snapshot<State>;
  /** Commits in it that are not in the file's. */
  readonly unwritten: number;
};

/** Of the `max` streams used last. */
function latestStates<State>(max: number) {
  const states = new Map<string, Latest<State>>();
  const set = (stream: StreamId, latest: Latest<State>): void => {
    states.delete(subjectOf(stream));
    states.set(subjectOf(stream), latest);
    for (const oldest of states.keys()) {
      if (states.size <= max) break;
      states.delete(oldest);
    }
  };
  return { get: (stream: StreamId) => states.get(subjectOf(stream)), set };
}

// ---- The file

type SnapshotRows = {
  readonly get: (stream: StreamId) => Row | undefined;
  readonly put: (stream: StreamId, row: Row) => void;
  readonly close: () => void;
};

/** WAL with `synchronous = NORMAL`: a power cut takes back the last rows at most, and harms none. */
const set = `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS snapshots (
  n INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT UNIQUE NOT NULL, generation TEXT NOT NULL, version INTEGER NOT NULL,
  lastEventId TEXT NOT NULL, json TEXT NOT NULL, digest TEXT NOT NULL
);`;
const busyMs = 1_000;

function openRows(file: string, streamsMax: number): SnapshotRows {
  mkdirSync(dirname(file), { recursive: true });
  const db = new DatabaseSync(file, { timeout: busyMs });
  try {
    db.exec(set);
    return preparedRows(db, streamsMax);
  } catch (error) {
    db.close();
    throw error;
  }
}

function preparedRows(db: DatabaseSync, streamsMax: number): SnapshotRows {
  const columns = "stream, generation, version, lastEventId, json, digest";
  const select = db.prepare(`SELECT ${columns} FROM snapshots WHERE stream = ?`);
  const insert = db.prepare(`INSERT OR REPLACE INTO snapshots (${columns}) VALUES (?, ?, ?, ?, ?, ?)`);
  const forget = db.prepare("DELETE FROM snapshots WHERE n <= ?");
  const oldest = db.prepare("SELECT n FROM snapshots ORDER BY n DESC LIMIT 1 OFFSET ?");
  return {
    get: (stream) => select.get(subjectOf(stream)) as Row | undefined,
    put: (stream, { generation, version, lastEventId, json, digest }) => {
      insert.run(subjectOf(stream), generation, version, lastEventId, json, digest);
      const beyond = oldest.get(streamsMax);
      if (beyond) forget.run(beyond["n"] as number);
    },
    close: () => db.close(),
  };
}

function removeFile(file: string, onFault: SnapshotOptions["onFault"]): void {
  try {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${file}${suffix}`, { force: true });
  } catch (error) {
    onFault?.(error); // the file stays, and goes on not being used
  }
}
