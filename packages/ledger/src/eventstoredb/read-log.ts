/** The server's whole log up to its end at the time of the call, in pages; a page that breaks is asked for again. */
import {
  BACKWARDS,
  END,
  START,
  type EventStoreDBClient,
  type JSONRecordedEvent,
} from "@eventstore/db-client";
import type { Commit, Position } from "../event-log.ts";
import { retrying, type Limits } from "./eventstore-errors.ts";
import { logPositionOf, positionOf } from "./log-position.ts";
import { readEvents } from "./read-events.ts";

export type LogSource = {
  readonly client: EventStoreDBClient;
  readonly limits: Limits;
  readonly commitsOf: (events: AsyncIterable<JSONRecordedEvent>) => AsyncIterable<Commit>;
};

export async function* readLog(source: LogSource, after: Position | undefined): AsyncGenerator<Commit> {
  const end = await retrying(source.limits, () => endOfLog(source));
  if (end !== undefined) yield* source.commitsOf(eventsBetween(source, after, end));
}

/** Where the last event lies, whoever wrote it. */
async function endOfLog({ client, limits }: LogSource): Promise<Position | undefined> {
  const backwards = client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 });
  const [last] = await readEvents(backwards, limits.requestTimeoutMs);
  return last && positionOf(last);
}

/** So many events are held in memory at a time. */
const eventsPerPage = 1_000;

/**
 * Everybody's events: the client has no filter for this call. A commit ends at the position that was given for it, and the
 * log ends with an append, so that neither end cuts a commit.
 */
async function* eventsBetween(
  source: LogSource,
  after: Position | undefined,
  end: Position,
): AsyncGenerator<JSONRecordedEvent> {
  let last = after;
  while (last === undefined || last < end) {
    const page = await retrying(source.limits, () => pageFrom(source, last));
    const fresh = page.filter((event) => last === undefined || positionOf(event) > last);
    for (const event of fresh) if (positionOf(event) <= end) yield event;
    if (fresh.length === 0) return;
    last = positionOf(fresh.at(-1)!);
  }
}

/** From the event at the position on, and with it. */
function pageFrom(
  { client, limits }: LogSource,
  last: Position | undefined,
): Promise<readonly JSONRecordedEvent[]> {
  const fromPosition = last === undefined ? START : logPositionOf(last);
  return readEvents(client.readAll({ fromPosition, maxCount: eventsPerPage }), limits.requestTimeoutMs);
}
