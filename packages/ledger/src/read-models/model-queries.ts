/** What can be asked of a read model. Every list has a limit; the newest come first unless it says otherwise. */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { EventEnvelope, UnreadEvent } from "../envelope.ts";
import { decodeCommit, inOrder } from "../event-codec.ts";
import type { Position, StreamId, StreamKind } from "../event-log.ts";
import type { DeliveryView } from "../views/delivery-view.ts";
import type { JobView } from "../views/job-view.ts";
import type { NodeView } from "../views/node-view.ts";
import type { SessionView } from "../views/session-view.ts";
import type { SiteView } from "../views/site-view.ts";
import type { StudyView } from "../views/study-view.ts";

type Views = {
  readonly job: JobView;
  readonly study: StudyView;
  readonly delivery: DeliveryView;
  readonly node: NodeView;
  readonly site: SiteView;
  readonly session: SessionView;
};
export type ViewKind = keyof Views;

/** An event of the model: `n` counts them all in the ledger's order, from 1. */
export type ModelEvent = { readonly n: number; readonly position: Position; readonly stream: StreamId } & (
  | ({ readonly unread: null } & EventEnvelope)
  | { readonly unread: UnreadEvent["why"]; readonly json: string }
);

export type ViewFilter = {
  /** An id or the start of one. */
  readonly id?: string | undefined;
  readonly study?: string | undefined;
  readonly job?: string | undefined;
  readonly status?: string | undefined;
  readonly limit?: number | undefined;
};

export type EventFilter = {
  /** The events of the study, of its jobs, their deliveries and its sessions. */
  readonly study?: string | undefined;
  /** The events of the job and of its deliveries. */
  readonly job?: string | undefined;
  readonly stream?: StreamId | undefined;
  /** Only those of commits that begin at this `n` or later ... */
  readonly from?: number | undefined;
  /** ... and before this one. */
  readonly before?: number | undefined;
  readonly limit?: number | undefined;
};

export type ModelQueries = {
  readonly view: <Kind extends ViewKind>(kind: Kind, id: string) => Views[Kind] | undefined;
  readonly views: <Kind extends ViewKind>(kind: Kind, filter?: ViewFilter) => Views[Kind][];
  /** Ids that begin so, at most as many as `limit`; also of streams that have no view here. */
  readonly ids: (kind: StreamKind, prefix: string, limit: number) => string[];
  /** How many of a kind there are in each status. */
  readonly counts: (kind: ViewKind) => Readonly<Record<string, number>>;
  readonly events: (filter?: EventFilter) => ModelEvent[];
  /** Whether a completion named this object as a picture. */
  readonly hasPicture: (digest: string) => boolean;
  /** Events that this version of the code cannot read. */
  readonly unreadCount: () => number;
};

const limitMax = 1_000_000;

export function modelQueries(db: DatabaseSync): ModelQueries {
  const prepared = new Map<string, ReturnType<DatabaseSync["prepare"]>>();
  const all = (sql: string, values: readonly SQLInputValue[]): Row[] => {
    let statement = prepared.get(sql);
    if (!statement) prepared.set(sql, (statement = db.prepare(sql)));
    return statement.all(...values);
  };
  return {
    view: (kind, id) => {
      const [row] = all("SELECT view FROM streams WHERE id = ? AND kind = ?", [id, kind]);
      return row?.["view"] ? (JSON.parse(row["view"] as string) as never) : undefined;
    },
    views: (kind, filter = {}) => {
      const { where, values } = viewConditions(kind, filter);
      const sql = `SELECT view FROM streams WHERE ${where} ORDER BY n DESC LIMIT ?`;
      const rows = all(sql, [...values, filter.limit ?? limitMax]);
      return rows.map((row) => JSON.parse(row["view"] as string) as never);
    },
    ids: (kind, prefix, limit) =>
      all("SELECT id FROM streams WHERE id >= ? AND id < ? AND kind = ? LIMIT ?", [
        prefix,
        `${prefix}~`,
        kind,
        limit,
      ]).map((row) => row["id"] as string),
    counts: (kind) => {
      const sql = "SELECT status, count(*) AS count FROM streams WHERE kind = ? GROUP BY status";
      const rows = all(sql, [kind]).filter((row) => row["status"] !== null);
      return Object.fromEntries(rows.map((row) => [row["status"] as string, row["count"] as number]));
    },
    events: (filter = {}) => {
      const limit = filter.limit ?? limitMax;
      const { where, values } = eventConditions(filter);
      const rows = all(
        `SELECT c.n, c.position, c.body, s.kind, s.id FROM commits c JOIN streams s ON s.n = c.stream
         WHERE ${where} ORDER BY c.n DESC LIMIT ?`,
        [...values, limit],
      );
      return rows.flatMap(eventsOf).slice(0, limit);
    },
    hasPicture: (digest) => all("SELECT 1 AS one FROM pictures WHERE digest = ?", [digest]).length === 1,
    unreadCount: () =>
      all("SELECT coalesce(sum(unread), 0) AS count FROM streams", [])[0]!["count"] as number,
  };
}

type Row = Readonly<Record<string, SQLInputValue>>;
type Conditions = { readonly where: string; readonly values: readonly SQLInputValue[] };

const joined = (parts: readonly (readonly [string, ...SQLInputValue[]] | undefined)[]): Conditions => {
  const used = parts.filter((part) => part !== undefined);
  return { where: used.map(([sql]) => sql).join(" AND "), values: used.flatMap(([, ...values]) => values) };
};

const viewConditions = (kind: ViewKind, { id, study, job, status }: ViewFilter): Conditions =>
  joined([
    ["kind = ? AND view IS NOT NULL", kind],
    id === undefined ? undefined : ["id >= ? AND id < ?", id, `${id}~`],
    study === undefined ? undefined : ["study = ?", study],
    job === undefined ? undefined : ["job = ?", job],
    status === undefined ? undefined : ["status = ?", status],
  ]);

const streamsWhere = (sql: string): string => `c.stream IN (SELECT n FROM streams WHERE ${sql})`;

/** A study's and a job's own stream are found by its id, whatever else belongs to it by the column. */
const eventConditions = ({ study, job, stream, from, before }: EventFilter): Conditions =>
  joined([
    ["1 = 1"],
    study === undefined ? undefined : [streamsWhere("study = ?"), study],
    job === undefined ? undefined : [streamsWhere("job = ? OR (id = ? AND kind = 'job')"), job, job],
    stream === undefined ? undefined : [streamsWhere("id = ? AND kind = ?"), stream.id, stream.kind],
    from === undefined ? undefined : ["c.n >= ?", from],
    before === undefined ? undefined : ["c.n < ?", before],
  ]);

/** The newest first, as everywhere here. */
function eventsOf(row: Row): ModelEvent[] {
  const place = {
    position: row["position"] as Position,
    stream: { kind: row["kind"], id: row["id"] } as StreamId,
  };
  const first = row["n"] as number;
  return inOrder(decodeCommit(row["body"] as Uint8Array))
    .map((item, index): ModelEvent => {
      const at = { n: first + index, ...place };
      return "why" in item ? { ...at, unread: item.why, json: item.json } : { ...at, unread: null, ...item };
    })
    .toReversed();
}
