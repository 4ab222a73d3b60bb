/** Streams.Read: of a stream or of the whole log, forwards or backwards, once or as a subscription, filtered or not. */
import { once } from "node:events";
import { status, type ServerWritableStream } from "@grpc/grpc-js";
import streams from "@eventstore/db-client/generated/streams_pb.js";
import type { ReadReq, ReadResp } from "@eventstore/db-client/generated/streams_pb.js";
import type { MemoryDatabase, StoredRecord } from "./memory-database.ts";
import { identifierOf, readEvent, serviceError, streamNameOf } from "./wire.ts";

export type ReadCall = ServerWritableStream<ReadReq, ReadResp>;

const { FORWARDS: forwards } = streams.ReadReq.Options.ReadDirection;

export async function answerRead(call: ReadCall, database: MemoryDatabase): Promise<void> {
  const options = call.request.getOptions() ?? new streams.ReadReq.Options();
  if (options.hasSubscription()) return follow(call, database, options);
  if (options.hasAll()) return send(call, limited(allRecords(database, options), options));
  const name = streamNameOf(options.getStream()?.getStreamIdentifier());
  const stored = database.stream(name);
  if (stored === "deleted")
    return fail(call, serviceError(status.FAILED_PRECONDITION, "stream-deleted", { "stream-name": name }));
  if (!stored) {
    const notFound = new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(name));
    call.write(new streams.ReadResp().setStreamNotFound(notFound));
    call.end();
    return;
  }
  return send(call, limited(streamRecords(stored, options), options));
}

const fail = (call: ReadCall, error: object): void => void call.emit("error", error);

const limited = (records: readonly StoredRecord[], options: ReadReq.Options): readonly StoredRecord[] =>
  records.slice(0, Number(options.getCount()));

async function send(call: ReadCall, records: readonly StoredRecord[]): Promise<void> {
  for (const record of records) {
    if (call.cancelled) return;
    await write(call, readEvent(record));
  }
  call.end();
}

async function write(call: ReadCall, message: ReadResp): Promise<void> {
  if (call.write(message) || call.cancelled) return;
  const waiting = new AbortController();
  const { signal } = waiting;
  await Promise.race([once(call, "drain", { signal }), once(call, "cancelled", { signal })]);
  waiting.abort();
}

/** From a revision onwards with it, backwards with it too. */
function streamRecords(stored: readonly StoredRecord[], options: ReadReq.Options): readonly StoredRecord[] {
  const from = options.getStream();
  const at = from?.hasRevision() ? Number(from.getRevision()) : undefined;
  if (options.getReadDirection() === forwards) {
    if (from?.hasEnd()) return [];
    return stored.filter(({ revision }) => revision >= (at ?? 0));
  }
  if (from?.hasStart()) return [];
  return stored.filter(({ revision }) => revision <= (at ?? Infinity)).toReversed();
}

/** From a position onwards with it, backwards without it. */
function allRecords(database: MemoryDatabase, options: ReadReq.Options): readonly StoredRecord[] {
  const all = options.getAll();
  const at = all?.getPosition()?.getCommitPosition();
  const onwards = options.getReadDirection() === forwards;
  if (onwards ? all?.hasEnd() : all?.hasStart()) return [];
  const log = database.log();
  if (onwards) return log.filter(({ position }) => position >= Number(at ?? 0));
  return log.filter(({ position }) => position < Number(at ?? Infinity)).toReversed();
}

// ---- Subscriptions: what lies after the position or revision, not with it; then what comes

async function follow(call: ReadCall, database: MemoryDatabase, options: ReadReq.Options): Promise<void> {
  const confirmation = new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(crypto.randomUUID());
  await write(call, new streams.ReadResp().setConfirmation(confirmation));
  const wanted = isWanted(options);
  const cancelled = once(call, "cancelled");
  let caughtUp = false;
  let next = options.getAll()?.hasEnd() || options.getStream()?.hasEnd() ? database.log().length : 0;
  while (!call.cancelled) {
    const record = database.log()[next];
    if (record) {
      next++;
      if (wanted(record)) await write(call, readEvent(record));
      continue;
    }
    if (!caughtUp) await write(call, new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp()));
    caughtUp = true;
    await Promise.race([database.grown(next), cancelled]);
  }
}

function isWanted(options: ReadReq.Options): (record: StoredRecord) => boolean {
  const inStream = options.getStream();
  if (inStream) {
    const name = streamNameOf(inStream.getStreamIdentifier());
    const after = inStream.hasRevision() ? Number(inStream.getRevision()) : -1;
    return ({ stream, revision }) => stream === name && revision > after;
  }
  const position = options.getAll()?.getPosition();
  const after = position ? Number(position.getCommitPosition()) : -1;
  const matches = filterOf(options.getFilter());
  return (record) => record.position > after && matches(record);
}

function filterOf(filter: ReadReq.Options.FilterOptions | undefined): (record: StoredRecord) => boolean {
  const byStream = filter?.getStreamIdentifier();
  const expression = byStream ?? filter?.getEventType();
  if (!expression) return () => true;
  const prefixes = expression.getPrefixList();
  const regex = new RegExp(expression.getRegex());
  const matches = (text: string) =>
    prefixes.length > 0 ? prefixes.some((prefix) => text.startsWith(prefix)) : regex.test(text);
  return ({ stream, type }) => matches(byStream ? stream : type);
}
