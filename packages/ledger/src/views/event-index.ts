/** Every event by stream and in order: what the views are read from. In memory; rebuilt from the ledger at every start. */
import type { EventEnvelope } from "../envelope.ts";
import type { Commit, EventLog, Position, StreamKind } from "../event-log.ts";

export type IndexedEvent = EventEnvelope & {
  readonly position: Position;
  readonly kind: StreamKind;
  readonly streamId: string;
};

export type EventIndex = {
  readonly all: readonly IndexedEvent[];
  readonly streams: (kind: StreamKind) => Iterable<readonly IndexedEvent[]>;
  /** Empty where there is no such stream. */
  readonly ofStream: (kind: StreamKind, id: string) => readonly IndexedEvent[];
  readonly apply: (commit: Commit) => void;
};

export function newEventIndex(): EventIndex {
  const all: IndexedEvent[] = [];
  const byKind = new Map<StreamKind, Map<string, IndexedEvent[]>>();
  return {
    all,
    streams: (kind) => byKind.get(kind)?.values() ?? [],
    ofStream: (kind, id) => byKind.get(kind)?.get(id) ?? [],
    apply: ({ stream, position, events }) => {
      const streams = byKind.get(stream.kind) ?? new Map<string, IndexedEvent[]>();
      byKind.set(stream.kind, streams);
      const list = streams.get(stream.id) ?? [];
      streams.set(stream.id, list);
      for (const envelope of events) {
        const indexed = { ...envelope, position, kind: stream.kind, streamId: stream.id };
        list.push(indexed);
        all.push(indexed);
      }
    },
  };
}

/** The view of each stream of a kind, in the order in which they began. */
export function viewsOf<View>(
  index: EventIndex,
  kind: StreamKind,
  view: (events: readonly IndexedEvent[]) => View | undefined,
): View[] {
  return [...index.streams(kind)].flatMap((events) => view(events) ?? []);
}

export type FollowedIndex = {
  readonly index: EventIndex;
  readonly following: Promise<void>;
  readonly stop: () => void;
};

/** Resolves once the index holds the whole ledger; it then stays up to date until stopped. `following` fails when it cannot. */
export async function followIndex(
  log: EventLog,
  onCommit: (commit: Commit) => void = () => {},
): Promise<FollowedIndex> {
  const index = newEventIndex();
  let last: Position | undefined;
  for await (const commit of log.readAll()) {
    index.apply(commit);
    last = commit.position;
  }
  const subscription = log.subscribe(last);
  const following = (async () => {
    for await (const commit of subscription) {
      index.apply(commit);
      onCommit(commit);
    }
  })();
  following.catch(() => {}); // whoever needs the end awaits it
  return { index, following, stop: () => subscription.stop() };
}
