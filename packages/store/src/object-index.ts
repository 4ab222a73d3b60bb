/**
 * A SQLite index over the intake journal: which object is current under a SOP Instance UID, and what QIDO asks for. Never
 * the truth: the checkpoint (the journal's sequence) is written with the rows, and the file may be deleted at any time.
 */
import { DatabaseSync } from "node:sqlite";
import type { Digest } from "@releve/domain/ids";
import { StoreFault } from "./faults.ts";
import { journalEntrySchema, type JournalEntry, type JournalRecord, type Sequence } from "./journal-entry.ts";

/** DICOM JSON (PS3.18 annex F) of the attributes that queries match and return, by eight hexadecimal digits. */
export type IndexedAttributes = { readonly [tag: string]: IndexedAttribute };
export type IndexedAttribute = { readonly vr: string; readonly Value?: readonly unknown[] };

/** Everything known under one SOP Instance UID, oldest first. The current one is what readers get. */
export type KnownObject = {
  readonly current: JournalEntry | undefined;
  readonly all: readonly JournalEntry[];
};

export type IndexedInstance = { readonly entry: JournalEntry; readonly attributes: IndexedAttributes };
export type IndexedSeries = {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly instances: number;
  /** Of the series' first instance. */
  readonly attributes: IndexedAttributes;
};
export type IndexedStudy = {
  readonly studyInstanceUid: string;
  readonly series: number;
  readonly instances: number;
  readonly modalities: readonly string[];
  readonly sopClassUids: readonly string[];
  /** Of the study's first instance. */
  readonly attributes: IndexedAttributes;
};

export type InstanceScope = {
  readonly studyInstanceUid?: string | undefined;
  readonly seriesInstanceUid?: string | undefined;
  readonly sopInstanceUid?: string | undefined;
};

export type ObjectIndex = {
  /** The last journal sequence that the index holds; undefined when it is empty. */
  readonly checkpoint: () => Sequence | undefined;
  /** Applying a record twice changes nothing. @throws StoreFault STORE_FULL: nothing of it was applied. */
  readonly apply: (record: JournalRecord, attributes: IndexedAttributes) => void;
  readonly find: (sopInstanceUid: string) => KnownObject;
  readonly studies: (scope?: InstanceScope) => Iterable<IndexedStudy>;
  readonly series: (scope?: InstanceScope) => Iterable<IndexedSeries>;
  /** Current objects only, in the order of their arrival. */
  readonly instances: (scope?: InstanceScope) => Iterable<IndexedInstance>;
  /** What lies aside, for people to decide about. */
  readonly quarantined: () => readonly JournalEntry[];
  /** The entries that name these bytes. */
  readonly withDigest: (digest: Digest) => readonly JournalEntry[];
  readonly close: () => void;
};

/** A changed table layout gets a new number: the old file is then built again from the journal. */
const layout = 1;

const schema = `
  CREATE TABLE objects (
    sequence INTEGER PRIMARY KEY, sop TEXT NOT NULL, series TEXT NOT NULL, study TEXT NOT NULL,
    digest TEXT NOT NULL, modality TEXT NOT NULL, sop_class TEXT NOT NULL, current INTEGER NOT NULL,
    quarantined INTEGER NOT NULL, entry TEXT NOT NULL, attributes TEXT NOT NULL);
  CREATE INDEX by_sop ON objects (sop);
  CREATE INDEX by_series ON objects (study, series) WHERE current = 1;
  CREATE INDEX by_digest ON objects (digest);
  CREATE INDEX aside ON objects (sequence) WHERE quarantined = 1;
  CREATE TABLE checkpoint (one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL);
`;

const modalityTag = "00080060";

/** @param path a file, or `:memory:`. */
export function openObjectIndex(path: string): ObjectIndex {
  const db = new DatabaseSync(path);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  prepare(db);
  const insert = db.prepare("INSERT OR IGNORE INTO objects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const retire = db.prepare("UPDATE objects SET current = 0 WHERE sop = ? AND current = 1");
  const advance = db.prepare("INSERT OR REPLACE INTO checkpoint VALUES (1, ?)");
  const readCheckpoint = db.prepare("SELECT sequence FROM checkpoint");
  const bySop = db.prepare("SELECT entry, current FROM objects WHERE sop = ? ORDER BY sequence");
  const byDigest = db.prepare("SELECT entry FROM objects WHERE digest = ? ORDER BY sequence");
  const aside = db.prepare("SELECT entry FROM objects WHERE quarantined = 1 ORDER BY sequence");

  const checkpoint = () => readCheckpoint.get()?.["sequence"] as Sequence | undefined;

  const applyRows = ({ sequence, entry }: JournalRecord, attributes: IndexedAttributes) => {
    const current = entry.kind !== "quarantined";
    if (current) retire.run(entry.sopInstanceUid);
    insert.run(
      sequence,
      entry.sopInstanceUid,
      entry.seriesInstanceUid,
      entry.studyInstanceUid,
      entry.digest,
      modalityOf(attributes),
      entry.sopClassUid,
      Number(current),
      Number(!current),
      JSON.stringify(entry),
      JSON.stringify(attributes),
    );
    advance.run(sequence);
  };

  return {
    checkpoint,
    apply: (record, attributes) => {
      if (record.sequence <= (checkpoint() ?? 0)) return;
      db.exec("BEGIN");
      try {
        applyRows(record, attributes);
        db.exec("COMMIT");
      } catch (error) {
        if (db.isTransaction) db.exec("ROLLBACK");
        throw databaseFault(error);
      }
    },
    find: (sopInstanceUid) => {
      const rows = bySop.all(sopInstanceUid).map((row) => ({ entry: entryOf(row), current: row["current"] }));
      return { current: rows.find((row) => row.current === 1)?.entry, all: rows.map((row) => row.entry) };
    },
    studies: (scope = {}) => listStudies(db, scope),
    series: (scope = {}) => listSeries(db, scope),
    instances: (scope = {}) => listInstances(db, scope),
    quarantined: () => aside.all().map(entryOf),
    withDigest: (digest) => byDigest.all(digest).map(entryOf),
    close: () => db.close(),
  };
}

/** SQLITE_FULL, and the I/O error that a full disk becomes where the file cannot be grown. */
const fullCodes: ReadonlySet<unknown> = new Set([13, 10, 778, 4874]);

function databaseFault(error: unknown): unknown {
  const code = error instanceof Error && "errcode" in error ? error.errcode : undefined;
  return fullCodes.has(code)
    ? new StoreFault("STORE_FULL", "the index of objects cannot grow", error)
    : error;
}

type Row = Record<string, unknown>;

function prepare(db: DatabaseSync): void {
  const found = db.prepare("PRAGMA user_version").get()?.["user_version"];
  if (found === layout) return;
  db.exec("DROP TABLE IF EXISTS objects; DROP TABLE IF EXISTS checkpoint");
  db.exec(`${schema}; PRAGMA user_version = ${layout}`);
}

function entryOf(row: Row): JournalEntry {
  return journalEntrySchema.parse(JSON.parse(row["entry"] as string));
}

function modalityOf(attributes: IndexedAttributes): string {
  const value = attributes[modalityTag]?.Value?.[0];
  return typeof value === "string" ? value : "";
}

function attributesOf(row: Row): IndexedAttributes {
  return JSON.parse(row["attributes"] as string) as IndexedAttributes;
}

function where(scope: InstanceScope): { readonly sql: string; readonly values: readonly string[] } {
  const columns = [
    ["study", scope.studyInstanceUid],
    ["series", scope.seriesInstanceUid],
    ["sop", scope.sopInstanceUid],
  ] as const;
  const given = columns.filter((column): column is [(typeof column)[0], string] => column[1] !== undefined);
  const sql = ["current = 1", ...given.map(([name]) => `${name} = ?`)].join(" AND ");
  return { sql, values: given.map(([, value]) => value) };
}

function* listInstances(db: DatabaseSync, scope: InstanceScope): Iterable<IndexedInstance> {
  const { sql, values } = where(scope);
  const rows = db.prepare(`SELECT entry, attributes FROM objects WHERE ${sql} ORDER BY sequence`);
  for (const row of rows.iterate(...values)) yield { entry: entryOf(row), attributes: attributesOf(row) };
}

function* listSeries(db: DatabaseSync, scope: InstanceScope): Iterable<IndexedSeries> {
  const { sql, values } = where(scope);
  const rows = db.prepare(
    `SELECT study, series, count(*) AS instances, min(sequence), attributes
     FROM objects WHERE ${sql} GROUP BY study, series ORDER BY min(sequence)`,
  );
  for (const row of rows.iterate(...values))
    yield {
      studyInstanceUid: row["study"] as string,
      seriesInstanceUid: row["series"] as string,
      instances: row["instances"] as number,
      attributes: attributesOf(row),
    };
}

function* listStudies(db: DatabaseSync, scope: InstanceScope): Iterable<IndexedStudy> {
  const { sql, values } = where(scope);
  const rows = db.prepare(
    `SELECT study, count(*) AS instances, count(DISTINCT series) AS series, min(sequence), attributes,
       json_group_array(DISTINCT modality) AS modalities, json_group_array(DISTINCT sop_class) AS sop_classes
     FROM objects WHERE ${sql} GROUP BY study ORDER BY min(sequence)`,
  );
  for (const row of rows.iterate(...values))
    yield {
      studyInstanceUid: row["study"] as string,
      series: row["series"] as number,
      instances: row["instances"] as number,
      modalities: sorted(row["modalities"]).filter((name) => name !== ""),
      sopClassUids: sorted(row["sop_classes"]),
      attributes: attributesOf(row),
    };
}

function sorted(jsonArray: unknown): readonly string[] {
  return (JSON.parse(jsonArray as string) as string[]).toSorted();
}
