/** From a stream's commits to its aggregate's state and the version to expect at the next append. */
import type { Uuid } from "@releve/domain/ids";
import type { Decider } from "./decider.ts";
import type { Commit, EventLog, Expected, StreamId, Version } from "./event-log.ts";
import type { LedgerEvent } from "./events.ts";
import { LedgerFault } from "./faults.ts";

export type Folded<State> = { readonly state: State; readonly version: Expected };

/** A state that was folded before, and the commit that it goes up to: by its version and the id of its last event. */
export type Snapshot<State> = {
  readonly state: State;
  readonly version: Version;
  readonly lastEventId: Uuid;
};

/** Folded states kept aside. They are never needed: without them more is read. */
export type Snapshots<State> = {
  readonly latest: (stream: StreamId) => Snapshot<State> | undefined;
  /** Told of a state after `commits` more were folded; keeps it when they were many. */
  readonly offer: (stream: StreamId, snapshot: Snapshot<State>, commits: number) => void;
};

type Folding<State, Event extends LedgerEvent> = Pick<Decider<State, never, Event>, "initial" | "evolve">;

/**
 * @param from what the commits follow; the beginning unless given.
 * @throws LedgerFault LEDGER_NOT_UNDERSTOOD when a commit holds an event that cannot be read here.
 */
export function fold<State, Event extends LedgerEvent>(
  decider: Folding<State, Event>,
  commits: readonly Commit[],
  from: Folded<State> = { state: decider.initial, version: "none" },
): Folded<State> {
  let { state } = from;
  for (const commit of commits) {
    refuseUnread(commit);
    for (const { event } of commit.events) state = decider.evolve(state, event as Event, commit.version);
  }
  return { state, version: commits.at(-1)?.version ?? from.version };
}

function refuseUnread({ stream, unread }: Commit): void {
  const first = unread?.[0];
  if (!first) return;
  const what = first.type === "" ? "an entry" : `${first.type}, schema ${first.schema},`;
  const message = `The ${stream.kind} stream ${stream.id} holds ${what} that cannot be read here (${first.why}).`;
  throw new LedgerFault("LEDGER_NOT_UNDERSTOOD", message);
}

/** The aggregate as the ledger has it now; of a stream with a snapshot only what came after is read. */
export async function load<State, Event extends LedgerEvent>(
  log: EventLog,
  stream: StreamId,
  decider: Folding<State, Event>,
  snapshots?: Snapshots<State>,
): Promise<Folded<State>> {
  const snapshot = snapshots?.latest(stream);
  const later = snapshot && (await readAfter(log, stream, snapshot));
  const commits = later ?? (await log.read(stream));
  const folded = fold(decider, commits, later && snapshot);
  const lastEventId = commits.at(-1)?.events.at(-1)?.eventId;
  if (folded.version !== "none" && lastEventId)
    snapshots?.offer(stream, { state: folded.state, version: folded.version, lastEventId }, commits.length);
  return folded;
}

/**
 * What came after the snapshot, or undefined when the ledger does not hold the commit that it goes up to: a ledger restored
 * from an older backup, or another one, gives the same versions again. So that commit is read too.
 */
async function readAfter(
  log: EventLog,
  stream: StreamId,
  { version, lastEventId }: Snapshot<unknown>,
): Promise<readonly Commit[] | undefined> {
  const [last, ...later] = await log.read(stream, (version - 1) as Version);
  const same = last?.version === version && last.events.at(-1)?.eventId === lastEventId;
  return same ? later : undefined;
}
