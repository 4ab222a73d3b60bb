/**
 * What an EventStoreDB holds, in memory: one log of records, streams by name. It answers appends as the real one does where
 * that matters to a writer: expected revisions, appends told twice, deleted and tombstoned streams.
 */

export type ProposedRecord = {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
};

export type StoredRecord = ProposedRecord & {
  readonly stream: string;
  readonly revision: number;
  /** Its place in the log in bytes; commit and prepare position are the same, as for appends of this century. */
  readonly position: number;
  readonly createdMs: number;
};

export type ExpectedRevision = "any" | "no_stream" | "stream_exists" | number;

export type AppendResult =
  /** `position` is absent for an append that was told before: the real one does not promise it then. */
  | { readonly result: "success"; readonly revision: number; readonly position?: number }
  | { readonly result: "wrong-expected-version"; readonly current: number | "no_stream" }
  | { readonly result: "stream-deleted" }
  | { readonly result: "too-large"; readonly maxBytes: number };

export type MemoryDatabase = {
  readonly append: (
    stream: string,
    records: readonly ProposedRecord[],
    expected: ExpectedRevision,
  ) => AppendResult;
  /** `hard`: a tombstone, after which the name is never used again; else it may be written to again, and counts on. */
  readonly remove: (stream: string, expected: ExpectedRevision, hard: boolean) => AppendResult;
  /** What can be read of the stream; undefined when there is none. */
  readonly stream: (name: string) => readonly StoredRecord[] | "deleted" | undefined;
  /** The whole log in its order, as it is now. */
  readonly log: () => readonly StoredRecord[];
  /** Resolves when the log has grown beyond `length` records. */
  readonly grown: (length: number) => Promise<void>;
};

/** The real one's default. */
const appendBytesMax = 1024 * 1024;
const recordOverheadBytes = 150;

type Stream = { records: StoredRecord[]; readableFrom: number; tombstoned: boolean };

export function memoryDatabase(): MemoryDatabase {
  const log: StoredRecord[] = [];
  const streams = new Map<string, Stream>();
  let logEnd = 0;
  let bell = Promise.withResolvers<void>();

  const write = (stream: string, proposed: ProposedRecord): StoredRecord => {
    const known = streams.get(stream) ?? { records: [], readableFrom: 0, tombstoned: false };
    streams.set(stream, known);
    const revision = known.records.length;
    const record = { ...proposed, stream, revision, position: logEnd, createdMs: Date.now() };
    logEnd += recordOverheadBytes + proposed.data.length + proposed.metadata.length;
    known.records.push(record);
    log.push(record);
    return record;
  };

  const append: MemoryDatabase["append"] = (stream, records, expected) => {
    const bytes = records.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
    if (bytes > appendBytesMax) return { result: "too-large", maxBytes: appendBytesMax };
    const known = streams.get(stream);
    if (known?.tombstoned) return { result: "stream-deleted" };
    const verdict = judge(known, records, expected);
    if (verdict !== "write") return verdict;
    const written = records.map((record) => write(stream, record));
    bell.resolve();
    bell = Promise.withResolvers<void>();
    const last = written.at(-1);
    const position = last ? { position: last.position } : {};
    return { result: "success", revision: last?.revision ?? currentOf(known), ...position };
  };

  const remove: MemoryDatabase["remove"] = (stream, expected, hard) => {
    const known = streams.get(stream);
    if (known?.tombstoned) return { result: "stream-deleted" };
    const current = currentOf(known);
    if (!meets(current, expected)) return { result: "wrong-expected-version", current: named(current) };
    const gone = known ?? { records: [], readableFrom: 0, tombstoned: false };
    streams.set(stream, gone);
    gone.readableFrom = gone.records.length;
    gone.tombstoned = hard;
    return { result: "success", revision: current };
  };

  // A real log begins with the server's own records.
  const none = new Uint8Array();
  write("$settings", {
    id: crypto.randomUUID(),
    type: "$settings",
    contentType: "",
    data: none,
    metadata: none,
  });

  return {
    append,
    remove,
    stream: (name) => {
      const known = streams.get(name);
      if (known?.tombstoned) return "deleted";
      const readable = known?.records.slice(known.readableFrom) ?? [];
      return readable.length > 0 ? readable : undefined;
    },
    log: () => log,
    grown: async (length) => {
      while (log.length <= length) await bell.promise;
    },
  };
}

/** The last revision; -1 before the first. */
const currentOf = (stream: Stream | undefined): number => (stream?.records.length ?? 0) - 1;
const named = (current: number): number | "no_stream" => (current < 0 ? "no_stream" : current);
const numberOf = (expected: number | "no_stream"): number => (expected === "no_stream" ? -1 : expected);

function meets(current: number, expected: ExpectedRevision): boolean {
  if (expected === "any") return true;
  if (expected === "stream_exists") return current >= 0;
  return numberOf(expected) === current;
}

/** Whether to write. An append whose events all lie where it would have put them was told before. */
function judge(
  stream: Stream | undefined,
  records: readonly ProposedRecord[],
  expected: ExpectedRevision,
): AppendResult | "write" {
  const current = currentOf(stream);
  const deleted = stream !== undefined && stream.readableFrom > current;
  if (deleted && expected === "no_stream") return "write";
  const first = firstRevision(stream, records, expected);
  const stored = stream?.records.slice(first, first + records.length) ?? [];
  const toldBefore =
    records.length > 0 &&
    stored.length === records.length &&
    records.every(({ id }, index) => stored[index]!.id === id);
  if (toldBefore) return { result: "success", revision: first + records.length - 1 };
  return meets(current, expected) ? "write" : { result: "wrong-expected-version", current: named(current) };
}

/** Where the append's first event would lie if it was told before. */
function firstRevision(
  stream: Stream | undefined,
  records: readonly ProposedRecord[],
  expected: ExpectedRevision,
): number {
  if (expected !== "any" && expected !== "stream_exists") return numberOf(expected) + 1;
  const found = stream?.records.findIndex(({ id }) => id === records[0]?.id) ?? -1;
  return found < 0 ? currentOf(stream) + 1 : found;
}
