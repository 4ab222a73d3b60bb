/** One command against one stream: load, decide, append with the version read; on a conflict decide again on what is true now. */
import { randomUUID } from "node:crypto";
import type { Uuid } from "@releve/domain/ids";
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { Decider } from "./decider.ts";
import type { Context, NewEvent } from "./envelope.ts";
import type { EventLog, Expected, StreamId, Version } from "./event-log.ts";
import type { LedgerEvent } from "./events.ts";
import { LedgerFault } from "./faults.ts";
import { load, type Folded, type Snapshots } from "./fold.ts";

export type Executed<State, Event> = {
  /** What was appended; empty when it was already so. */
  readonly events: readonly Event[];
  readonly version: Expected;
  /** The state after the events: a claim's token is in it. */
  readonly state: State;
};

/** Each lost race means that another writer moved on, so a stream that defeats eight tries is contended beyond its use. */
export const triesMax = 8;

const randomEventId = (): Uuid => randomUUID() as Uuid;

/**
 * @param newEventId draws event ids; the simulator and tests pass their own.
 * @param snapshots of this decider's states: a long stream is then not read from its beginning.
 * @returns what was decided, or the decider's refusal.
 * @throws LedgerFault LEDGER_CONTENDED after `triesMax` conflicts; LEDGER_NOT_UNDERSTOOD; those of the log.
 */
export async function execute<State, Command, Event extends LedgerEvent>(
  log: EventLog,
  stream: StreamId,
  decider: Decider<State, Command, Event>,
  command: Command,
  context: Context,
  newEventId: () => Uuid = randomEventId,
  snapshots?: Snapshots<State>,
): Promise<Executed<State, Event> | Refusal> {
  for (let tries = 0; tries < triesMax; tries++) {
    const { state, version } = await load(log, stream, decider, snapshots);
    const decided = decider.decide(command, state);
    if (isRefusal(decided)) return decided;
    if (decided.length === 0) return { events: [], version, state };
    const outcome = await log.append(stream, envelopes(decided, context, newEventId), version);
    if (outcome.appended) return executed(decider, state, decided, outcome.version);
  }
  const message = `The ${stream.kind} stream ${stream.id} changed under each of ${triesMax} tries.`;
  throw new LedgerFault("LEDGER_CONTENDED", message);
}

/**
 * As `execute`, for who knows the stream's state already, from following the log or from the command before: it is not read
 * first. What was known is only tried, because the append expects its version; a refusal is never based on it.
 */
export async function executeFrom<State, Command, Event extends LedgerEvent>(
  known: Folded<State>,
  log: EventLog,
  stream: StreamId,
  decider: Decider<State, Command, Event>,
  command: Command,
  context: Context,
  newEventId: () => Uuid = randomEventId,
): Promise<Executed<State, Event> | Refusal> {
  const decided = decider.decide(command, known.state);
  if (!isRefusal(decided) && decided.length > 0) {
    const outcome = await log.append(stream, envelopes(decided, context, newEventId), known.version);
    if (outcome.appended) return executed(decider, known.state, decided, outcome.version);
  }
  return execute(log, stream, decider, command, context, newEventId);
}

const envelopes = (
  events: readonly LedgerEvent[],
  context: Context,
  newEventId: () => Uuid,
): readonly NewEvent[] => events.map((event) => ({ eventId: newEventId(), context, event }));

function executed<State, Command, Event extends LedgerEvent>(
  decider: Decider<State, Command, Event>,
  before: State,
  events: readonly Event[],
  version: Version,
): Executed<State, Event> {
  const state = events.reduce((current, event) => decider.evolve(current, event, version), before);
  return { events, version, state };
}
