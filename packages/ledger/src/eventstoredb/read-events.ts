/**
 * Events from the client's read streams, read to their end: one that is left in the middle after the server has ended it
 * never ends in the client, which then waits for it when it is closed.
 */
import {
  ErrorType,
  type AllStreamResolvedEvent,
  type EventStoreDBClient,
  type JSONRecordedEvent,
  type ResolvedEvent,
  type StreamingRead,
} from "@eventstore/db-client";
import { isOfType, NoAnswer } from "./eventstore-errors.ts";

/** @param silenceMs how long the server may take for the next event. @throws NoAnswer, errors of the client. */
export async function readEvents(
  source: StreamingRead<ResolvedEvent> | StreamingRead<AllStreamResolvedEvent>,
  silenceMs: number,
): Promise<readonly JSONRecordedEvent[]> {
  const events: JSONRecordedEvent[] = [];
  const fail = () => {
    source.cancel().catch(() => undefined); // the call never began: there is nothing to end
    source.destroy(new NoAnswer(`silent for ${silenceMs} ms`));
  };
  const timer = setTimeout(fail, silenceMs);
  try {
    for await (const { event } of source) {
      timer.refresh();
      if (event) events.push(event as JSONRecordedEvent);
    }
    return events;
  } finally {
    clearTimeout(timer);
  }
}

/** The stream's events from `revision` on, at most `count`; none when there is no such stream or no such revision. */
export async function streamEvents(
  client: EventStoreDBClient,
  name: string,
  { from, count, silenceMs }: { readonly from: number; readonly count?: number; readonly silenceMs: number },
): Promise<readonly JSONRecordedEvent[]> {
  const maxCount = count === undefined ? {} : { maxCount: count };
  try {
    const source = client.readStream(name, { fromRevision: BigInt(Math.max(0, from)), ...maxCount });
    return await readEvents(source, silenceMs);
  } catch (error) {
    if (isOfType(error, ErrorType.STREAM_NOT_FOUND)) return [];
    throw error;
  }
}
