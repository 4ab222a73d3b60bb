/**
 * Commits from events. One append's events lie next to each other in its stream and in the log, so a commit is whole when its
 * last event has come. Where reading begins in the middle of one, its head is fetched.
 */
import type { JSONRecordedEvent } from "@eventstore/db-client";
import type { Commit, StreamId } from "../event-log.ts";
import { LedgerFault } from "../faults.ts";
import { commitFrom, partOf } from "./stored-event.ts";

/** The events of a stream that come before `revision`, `count` of them. */
export type HeadReader = (
  stream: StreamId,
  revision: bigint,
  count: number,
) => Promise<readonly JSONRecordedEvent[]>;

/**
 * @param streamOf the stream that an event belongs to; those of none are passed over.
 * @throws LedgerFault LEDGER_REFUSED when a commit is not whole: somebody truncated or scavenged its stream.
 */
export async function* wholeCommits(
  events: AsyncIterable<JSONRecordedEvent> | Iterable<JSONRecordedEvent>,
  streamOf: (event: JSONRecordedEvent) => StreamId | undefined,
  headOf: HeadReader,
): AsyncGenerator<Commit> {
  let parts: JSONRecordedEvent[] = [];
  for await (const event of events) {
    const stream = streamOf(event);
    if (!stream) continue;
    const { commit, index, count } = partOf(event);
    if (parts.length === 0 && index > 0) parts = [...(await headOf(stream, event.revision, index))];
    parts.push(event);
    const belongs = parts.every((part, at) => isPart(part, commit, at));
    if (!belongs || parts.length !== index + 1) throw notWhole(stream);
    if (parts.length < count) continue;
    yield commitFrom(stream, parts);
    parts = [];
  }
}

function isPart(event: JSONRecordedEvent, commit: string, at: number): boolean {
  const part = partOf(event);
  return part.commit === commit && part.index === at;
}

const notWhole = ({ kind, id }: StreamId): LedgerFault =>
  new LedgerFault("LEDGER_REFUSED", `A commit of the ${kind} stream ${id} is not whole in the EventStoreDB.`);
