/**
 * The rows of `streams` that are being written: read once, changed in memory by each event, written once a transaction.
 * A row that lies here is what its row in the file will be, so the result does not depend on how commits were batched.
 */
import type { DatabaseSync } from "node:sqlite";
import type { EventEnvelope } from "../envelope.ts";
import { readUnchecked } from "../event-codec.ts";
import type { Commit, StreamId } from "../event-log.ts";
import { nextViewOf, type AggregateView } from "./aggregate-views.ts";
import type { StreamChange } from "./row-batch.ts";

type StreamRow = {
  readonly n: number;
  readonly stream: StreamId;
  job: string | null;
  study: string | null;
  unread: number;
  view: AggregateView | undefined;
  isNew: boolean;
  /** The last batch that changes it. */
  batch: number;
};

export type StreamRows = {
  /** The stream's row, to be changed by this batch; a new one gets the next number. Batches are numbered upwards. */
  readonly of: (stream: StreamId, batch: number) => StreamRow;
  /** What the batch changed. */
  readonly changes: () => StreamChange[];
  readonly count: () => number;
  /** Lets rows go that rested longest. Only up to this batch is everything in the file. */
  readonly release: (writtenBatch: number) => void;
  /** Forgets all: what lies here is not what the file will hold. */
  readonly forget: (streamCount: number) => void;
};

/** Streams are active for a while and then rest: so many rows in memory catch nearly every event. */
const keptRows = 8_192;
/** A model that was empty knows which streams its file has, so a new one is not looked for there: up to so many. */
const knownInFileMax = 500_000;

export function streamRows(db: DatabaseSync, streamCount: number): StreamRows {
  const find = db.prepare("SELECT n, job, study, unread, view FROM streams WHERE id = ? AND kind = ?");
  const rows = new Map<string, StreamRow>();
  let changed: StreamRow[] = [];
  let count = streamCount;
  /** The keys of rows that were let go; undefined: the file may hold others. */
  let inFile = knownFrom(streamCount);

  const load = (stream: StreamId, key: string): StreamRow => {
    const row = inFile && !inFile.has(key) ? undefined : find.get(stream.id, stream.kind);
    const fresh = { stream, job: null, study: null, unread: 0, view: undefined, batch: 0 };
    if (!row) return { n: ++count, ...fresh, isNew: true };
    return {
      n: row["n"] as number,
      stream,
      job: row["job"] as string | null,
      study: row["study"] as string | null,
      unread: row["unread"] as number,
      view: row["view"] === null ? undefined : (JSON.parse(row["view"] as string) as AggregateView),
      isNew: false,
      batch: 0,
    };
  };

  return {
    of: (stream, batch) => {
      const key = stream.kind + stream.id;
      let row = rows.get(key);
      if (!row) rows.set(key, (row = load(stream, key)));
      if (row.batch !== batch) {
        row.batch = batch;
        changed.push(row);
      }
      return row;
    },
    changes: () => {
      const all = changed.map(changeOf);
      for (const row of changed) row.isNew = false;
      changed = [];
      return all;
    },
    count: () => count,
    release: (writtenBatch) => {
      let left = rows.size - keptRows;
      for (const [key, row] of rows) {
        if (left-- <= 0) break;
        if (row.batch > writtenBatch) continue;
        rows.delete(key);
        inFile?.add(key);
      }
      if (inFile && inFile.size > knownInFileMax) inFile = undefined;
    },
    forget: (streams) => {
      rows.clear();
      changed = [];
      count = streams;
      inFile = knownFrom(streams);
    },
  };
}

const knownFrom = (streamsInFile: number): Set<string> | undefined =>
  streamsInFile === 0 ? new Set() : undefined;

const changeOf = ({ n, stream, job, study, unread, view, isNew }: StreamRow): StreamChange => {
  const status = view?.status ?? null;
  return [isNew, n, stream.kind, stream.id, job, study, status, unread, view ? JSON.stringify(view) : null];
};

/**
 * Takes a commit's events into their row. They are taken as their writer checked them; where the fold stumbles over one, or one
 * is not plainly of today's shape, the commit is read in full. @returns how many events it has; `pictures` gets their digests.
 */
export function takeCommit(row: StreamRow, commit: Commit, pictures: string[]): number {
  const unchecked = commit.stored && readUnchecked(commit.stored);
  const { job, study, view } = row;
  if (unchecked) {
    try {
      takeEvents(row, unchecked, pictures);
      return unchecked.length;
    } catch {
      Object.assign(row, { job, study, view }); // what stumbled was no such event: the full reading says so
    }
  }
  const { events, unread = [] } = commit;
  takeEvents(row, events, pictures);
  row.unread += unread.length;
  return events.length + unread.length;
}

function takeEvents(row: StreamRow, events: readonly EventEnvelope[], pictures: string[]): void {
  for (const envelope of events) takeEvent(row, envelope, pictures);
}

/** The view one step further, and what the row is looked up by. */
function takeEvent(row: StreamRow, envelope: EventEnvelope, pictures: string[]): void {
  const { event } = envelope;
  row.view = nextViewOf[row.stream.kind]?.(row.view, envelope);
  switch (event.type) {
    case "StudyObjectsReceived":
    case "JobRequested":
    case "SessionOpened":
      row.study = text(event.study);
      return;
    case "DeliveryRequested":
      row.study = text(event.study);
      row.job = text(event.job);
      return;
    case "JobCompleted":
      pictures.push(...event.pictures.map(({ digest }) => text(digest)));
      return;
    default: // only what begins a stream says what it belongs to
  }
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new TypeError("a field that is no text");
}
