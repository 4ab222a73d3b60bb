/**
 * The tables of a read model, for who opens the file with any SQLite tool as well.
 *
 *   streams   one row an aggregate, in the order in which they began: its view as JSON, and what it is looked up by
 *   commits   every commit in the ledger's order, as its bytes are stored; `n` is the number of its first event
 *   pictures  the digests that a completion named as pictures: only these may be shown to a browser
 *   progress  up to where the ledger is in here; written in the same transaction as the rows
 *
 * `jobs`, `studies`, `deliveries`, `nodes`, `sites` and `sessions` are SQL views over `streams`.
 */
import { digestOf } from "@releve/domain/ids";
import { eventSchemas, isEventType } from "../event-schemas.ts";
import { schemaVersionOf } from "../upcasters.ts";

/** Raised with every change of the tables, or of what a fold in views/ makes of the events. */
const layout = 3;

/**
 * What a file was made by. Code that reads more events, or newer shapes of them, is another version: it builds the file anew
 * from the ledger, and so takes up the events that older code had to leave unread.
 */
export const modelVersion: string = digestOf(
  JSON.stringify([
    layout,
    Object.keys(eventSchemas)
      .filter(isEventType)
      .map((type) => [type, schemaVersionOf(type)]),
  ]),
);

const list = (name: string, kind: string): string =>
  `CREATE VIEW ${name} AS SELECT n, id, status, job, study, unread, view FROM streams WHERE kind = '${kind}';`;

export const tables = `
CREATE TABLE progress (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  version TEXT NOT NULL, epoch INTEGER NOT NULL,
  position INTEGER NOT NULL, commits INTEGER NOT NULL, events INTEGER NOT NULL, streams INTEGER NOT NULL
) STRICT;
CREATE TABLE streams (
  n INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL,
  job TEXT, study TEXT, status TEXT, unread INTEGER NOT NULL, view TEXT
) STRICT;
CREATE UNIQUE INDEX streams_by_id ON streams (id, kind);
CREATE INDEX streams_by_status ON streams (kind, status);
CREATE INDEX streams_by_study ON streams (study) WHERE study IS NOT NULL;
CREATE INDEX streams_by_job ON streams (job) WHERE job IS NOT NULL;
CREATE TABLE commits (
  n INTEGER PRIMARY KEY, position INTEGER NOT NULL, stream INTEGER NOT NULL, unread INTEGER NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE INDEX commits_by_stream ON commits (stream);
CREATE TABLE pictures (digest TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
${[
  list("jobs", "job"),
  list("studies", "study"),
  list("deliveries", "delivery"),
  list("nodes", "node"),
  list("sites", "site"),
  list("sessions", "session"),
].join("\n")}
`;
