/**
 * The ledger in memory, for tests and the simulator. It stores the same bytes as the real one and reads them back through
 * the same codec. Versions and positions are the same number, drawn once for the whole log, so versions have gaps here too.
 */
import { decodeCommit, encodeCommit } from "./event-codec.ts";
import type { NewEvent } from "./envelope.ts";
import type {
  AppendOutcome,
  Commit,
  EventLog,
  Expected,
  Position,
  StreamId,
  Subscription,
  Version,
} from "./event-log.ts";
import { LedgerFault } from "./faults.ts";
import { streamOfSubject, subjectOf } from "./streams.ts";

type Entry = { readonly subject: string; readonly sequence: number; readonly bytes: Uint8Array };

export function memoryLog(): EventLog {
  const entries: Entry[] = [];
  const tails = new Map<string, number>();
  const firstEventIds = new Map<string, Entry>();
  const doorbell = newDoorbell();
  let closed = false;

  const append = async (
    stream: StreamId,
    events: readonly NewEvent[],
    expected: Expected,
  ): Promise<AppendOutcome> => {
    refuseClosed(closed);
    const bytes = encodeCommit(stream, events);
    const subject = subjectOf(stream);
    const eventId = events[0]!.eventId;
    const earlier = firstEventIds.get(eventId);
    if (earlier) return alreadyAppended(earlier, subject);
    if ((tails.get(subject) ?? "none") !== expected) return { appended: false, reason: "conflict" };
    const entry = { subject, sequence: entries.length + 1, bytes };
    entries.push(entry);
    tails.set(subject, entry.sequence);
    firstEventIds.set(eventId, entry);
    doorbell.ring();
    return outcomeOf(entry);
  };

  async function* from(after: number, until: () => boolean): AsyncGenerator<Commit> {
    for (let next = after; !until();) {
      const entry = entries[next];
      if (entry) {
        next = entry.sequence;
        yield commitOf(entry);
      } else await doorbell.next();
    }
  }

  const subscribe = (after?: Position): Subscription => {
    refuseClosed(closed);
    let stopped = false;
    const stop = () => {
      stopped = true;
      doorbell.ring();
    };
    const commits = from(after ?? 0, () => stopped || closed);
    return { [Symbol.asyncIterator]: () => commits, stop };
  };

  return {
    epoch: 1,
    append,
    read: async (stream, after = 0 as Version) => {
      refuseClosed(closed);
      const of = subjectOf(stream);
      return entries.filter(({ subject, sequence }) => subject === of && sequence > after).map(commitOf);
    },
    readAll: (after) => {
      refuseClosed(closed);
      return asIterable(entries.slice(after ?? 0).map(commitOf));
    },
    subscribe,
    close: async () => {
      closed = true;
      doorbell.ring();
    },
  };
}

function refuseClosed(closed: boolean): void {
  if (closed) throw new LedgerFault("LEDGER_CLOSED", "The ledger's connection was closed.");
}

function alreadyAppended(earlier: Entry, subject: string): AppendOutcome {
  if (earlier.subject === subject) return outcomeOf(earlier);
  throw new LedgerFault("LEDGER_EVENT_ID_REUSED", `The event id was used in ${earlier.subject} before.`);
}

const outcomeOf = ({ sequence }: Entry): AppendOutcome => ({
  appended: true,
  version: sequence as Version,
  position: sequence as Position,
});

const commitOf = ({ subject, sequence, bytes }: Entry): Commit => ({
  stream: streamOfSubject(subject)!,
  version: sequence as Version,
  position: sequence as Position,
  ...decodeCommit(bytes),
  stored: bytes,
});

async function* asIterable(commits: readonly Commit[]): AsyncGenerator<Commit> {
  yield* commits;
}

/** Wakes everybody who waits for the log to grow. */
function newDoorbell() {
  let { promise, resolve } = Promise.withResolvers<void>();
  return {
    next: () => promise,
    ring: () => {
      resolve();
      ({ promise, resolve } = Promise.withResolvers<void>());
    },
  };
}
