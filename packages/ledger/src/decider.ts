/** The shape of every aggregate: decide purely, evolve exhaustively. Nothing here reads a clock, draws an id or does I/O. */
import type { Refusal } from "@releve/domain/refusal";
import type { StreamKind, Version } from "./event-log.ts";
import type { LedgerEvent } from "./events.ts";

export type Decider<State, Command, Event extends LedgerEvent> = {
  readonly kind: StreamKind;
  readonly initial: State;
  /** The events that follow from the command; `[]`: it is already so; a Refusal: no. */
  readonly decide: (command: Command, state: State) => readonly Event[] | Refusal;
  /** `version` is that of the event's commit: a claim's is its fencing token. */
  readonly evolve: (state: State, event: Event, version: Version) => State;
};
