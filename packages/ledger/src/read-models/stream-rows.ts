/**
 * The rows of `streams` that are being written: read once, changed in memory by each event, written once a transaction.
 * A row that lies here is what its row in the file will be, so the result does not depend on how commits were batched.
 */
import type { DatabaseSync } from "node:sqlite";
import type { EventEnvelope } from "../envelope.ts";
import type { StreamId } from "../event-log.ts";
import { nextViewOf, type AggregateView } from "./aggregate-views.ts";

export type StreamRow = {
  readonly n: number;
  readonly stream: StreamId;
  job: string | null;
  study: string | null;
  unread: number;
  view: AggregateView | undefined;
  state: "new" | "changed" | "written";
};

export type StreamRows = {
  /** The stream's row; a new one gets the next number. */
  readonly of: (stream: StreamId) => StreamRow;
  /** Writes what changed. @returns how many streams there are now. */
  readonly flush: () => number;
  /** Forgets what was not written: the transaction was taken back, or somebody else wrote. */
  readonly forget: (count: number) => void;
};

/** Streams are active for a while and then rest: so many rows in memory catch nearly every event. */
const keptRows = 8_192;

export function streamRows(db: DatabaseSync, streamCount: number): StreamRows {
  const find = db.prepare("SELECT n, job, study, unread, view FROM streams WHERE id = ? AND kind = ?");
  const insert = db.prepare("INSERT INTO streams VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  const update = db.prepare(
    "UPDATE streams SET job = ?, study = ?, status = ?, unread = ?, view = ? WHERE n = ?",
  );
  const rows = new Map<string, StreamRow>();
  let changed: StreamRow[] = [];
  let count = streamCount;

  const load = (stream: StreamId): StreamRow => {
    const row = find.get(stream.id, stream.kind);
    if (!row) return { n: ++count, stream, job: null, study: null, unread: 0, view: undefined, state: "new" };
    return {
      n: row["n"] as number,
      stream,
      job: row["job"] as string | null,
      study: row["study"] as string | null,
      unread: row["unread"] as number,
      view: row["view"] === null ? undefined : (JSON.parse(row["view"] as string) as AggregateView),
      state: "changed",
    };
  };
  const write = ({ n, stream, job, study, unread, view, state }: StreamRow): void => {
    const status = view?.status ?? null;
    const json = view === undefined ? null : JSON.stringify(view);
    if (state === "new") insert.run(n, stream.kind, stream.id, job, study, status, unread, json);
    else update.run(job, study, status, unread, json, n);
  };

  return {
    of: (stream) => {
      const key = stream.kind + stream.id;
      let row = rows.get(key);
      if (!row) {
        row = load(stream);
        rows.set(key, row);
        changed.push(row);
      } else if (row.state === "written") {
        row.state = "changed";
        changed.push(row);
      }
      return row;
    },
    flush: () => {
      for (const row of changed) {
        write(row);
        row.state = "written";
      }
      changed = [];
      if (rows.size > keptRows) dropOldest(rows, rows.size - keptRows / 2);
      return count;
    },
    forget: (streams) => {
      rows.clear();
      changed = [];
      count = streams;
    },
  };
}

function dropOldest(rows: Map<string, StreamRow>, count: number): void {
  let left = count;
  for (const key of rows.keys()) {
    if (left-- <= 0) return;
    rows.delete(key);
  }
}

/** Takes one event into its row: the view one step further, and what the row is looked up by. */
export function takeEvent(row: StreamRow, envelope: EventEnvelope): void {
  const { event } = envelope;
  row.view = nextViewOf[row.stream.kind]?.(row.view, envelope);
  switch (event.type) {
    case "StudyObjectsReceived":
    case "JobRequested":
    case "SessionOpened":
      row.study = event.study;
      return;
    case "DeliveryRequested":
      row.study = event.study;
      row.job = event.job;
      return;
    default: // only what begins a stream says what it belongs to
  }
}
