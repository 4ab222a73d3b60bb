/** The reading half of a log over a stream: of the ledger itself and of a copy alike. */
import type { Commit, ReadableLog } from "../event-log.ts";
import { subjectOf } from "../streams.ts";
import { followStream, type Following } from "./follow-stream.ts";
import { commitOf, type StoredMessage } from "./stored-message.ts";
import type { StreamReader } from "./stream-reader.ts";

export type Reading = Following & { readonly reader: StreamReader };

export function readingLog(reading: Reading): Pick<ReadableLog, "read" | "readAll" | "subscribe"> {
  const { reader } = reading;
  return {
    read: async (from, after) => {
      const subject = subjectOf(from);
      const first = (after ?? 0) + 1;
      const tail = await reader.tail(subject);
      return tail && tail.seq >= first ? collect(commitsOf(reader.ofSubject(subject, first, tail.seq))) : [];
    },
    readAll: async function* (after) {
      yield* commitsOf(reader.all((after ?? 0) + 1, await reader.lastSequence()));
    },
    subscribe: (after) => followStream(reading, after ?? 0),
  };
}

async function* commitsOf(messages: AsyncIterable<StoredMessage>): AsyncGenerator<Commit> {
  for await (const message of messages) {
    const commit = commitOf(message);
    if (commit) yield commit;
  }
}

async function collect(commits: AsyncIterable<Commit>): Promise<readonly Commit[]> {
  const all: Commit[] = [];
  for await (const commit of commits) all.push(commit);
  return all;
}
