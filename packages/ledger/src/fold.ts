/** From a stream's commits to its aggregate's state and the version to expect at the next append. */
import type { Decider } from "./decider.ts";
import type { Commit, EventLog, Expected, StreamId } from "./event-log.ts";
import type { LedgerEvent } from "./events.ts";
import { LedgerFault } from "./faults.ts";

export type Folded<State> = { readonly state: State; readonly version: Expected };

/** @throws LedgerFault LEDGER_NOT_UNDERSTOOD when a commit holds an event that cannot be read here. */
export function fold<State, Event extends LedgerEvent>(
  decider: Pick<Decider<State, never, Event>, "initial" | "evolve">,
  commits: readonly Commit[],
): Folded<State> {
  let state = decider.initial;
  for (const commit of commits) {
    refuseUnread(commit);
    for (const { event } of commit.events) state = decider.evolve(state, event as Event, commit.version);
  }
  return { state, version: commits.at(-1)?.version ?? "none" };
}

function refuseUnread({ stream, unread }: Commit): void {
  const first = unread?.[0];
  if (!first) return;
  const what = first.type === "" ? "an entry" : `${first.type}, schema ${first.schema},`;
  const message = `The ${stream.kind} stream ${stream.id} holds ${what} that cannot be read here (${first.why}).`;
  throw new LedgerFault("LEDGER_NOT_UNDERSTOOD", message);
}

/** The aggregate as the ledger has it now. */
export async function load<State, Event extends LedgerEvent>(
  log: EventLog,
  stream: StreamId,
  decider: Pick<Decider<State, never, Event>, "initial" | "evolve">,
): Promise<Folded<State>> {
  return fold(decider, await log.read(stream));
}
