/**
 * An interactive session as the ledger knows it; frames and the running mirror are not here.
 *
 *   none --open--> open --close--> closed
 *                  |  ^
 *                  +--+  saveView, annotate under the current epoch; move raises the epoch
 *
 * A session has an epoch, 1 when it opens. Whoever writes under a lower one than the ledger knows is refused with
 * STALE_EPOCH: another node has the session. Resuming appends nothing first, so a standby may work under the next epoch
 * before the ledger knows of it; what it then writes here begins with the move (EPOCH_AHEAD until that is recorded). The
 * move names the epoch that it leaves, so that of two standbys one is recorded and the other learns that it lost.
 */
import { canonicalJson, type Json } from "@releve/domain/canonical-json";
import type { Digest, Uuid } from "@releve/domain/ids";
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { Decider } from "../decider.ts";
import type { SessionEvent, SessionHost } from "../events/session.ts";

// ---- State

type EventOf<Type extends SessionEvent["type"]> = Extract<SessionEvent, { type: Type }>;
type Opening = Omit<EventOf<"SessionOpened">, "type" | "epoch">;

export type SessionFacts = Opening & {
  readonly epoch: number;
  /** The last view that settled; null before the first. */
  readonly view: Json;
  /** Bodies by annotation id; null where it was taken away. */
  readonly annotations: ReadonlyMap<Uuid, Digest | null>;
};

export type SessionState =
  | { readonly status: "none" }
  | ({ readonly status: "open" } & SessionFacts)
  | ({ readonly status: "closed"; readonly reason: EventOf<"SessionClosed">["reason"] } & SessionFacts);

export const firstSessionEpoch = 1;

/** Far more than a person draws; it bounds what a page that has gone wrong can write. */
export const annotationsMax = 10_000;

// ---- Commands. `epoch`: the one under which the writer holds the session.

export type SessionCommand =
  | ({ readonly type: "open" } & Opening)
  | { readonly type: "saveView"; readonly epoch: number; readonly view: Json }
  | {
      readonly type: "annotate";
      readonly epoch: number;
      /** Drawn by the page: the same id and body twice is one. */
      readonly annotation: Uuid;
      readonly body: Digest | null;
    }
  | {
      readonly type: "move";
      /** The epoch that is left; the session is then under the next one. */
      readonly expectedEpoch: number;
      readonly host: SessionHost;
      readonly standby: SessionHost | null;
      readonly reason: EventOf<"SessionMoved">["reason"];
    }
  | {
      readonly type: "close";
      readonly epoch: number;
      readonly reason: EventOf<"SessionClosed">["reason"];
    };

// ---- Decide

type Decision = readonly SessionEvent[] | Refusal;

export function decideSession(command: SessionCommand, state: SessionState): Decision {
  if (command.type === "open") return open(command, state);
  if (state.status === "none") return refusal("SESSION_UNKNOWN", "No such session was opened.");
  return (decisions[command.type] as Decide<SessionCommand>)(command, state);
}

type Known = Exclude<SessionState, { status: "none" }>;
type Of<Type extends SessionCommand["type"]> = Extract<SessionCommand, { type: Type }>;
type Decide<Command> = (command: Command, state: Known) => Decision;

/** What each command does to a known session: one that is missing here does not compile. */
const decisions: { readonly [Type in Exclude<SessionCommand["type"], "open">]: Decide<Of<Type>> } = {
  saveView,
  annotate,
  move,
  close,
};

const closed = (): Refusal => refusal("SESSION_CLOSED", "The session was closed.");
const stale = (): Refusal => refusal("STALE_EPOCH", "The session has moved to another node since.");

/** Why the holder of `epoch` may not write, or undefined when it may. */
function wrongEpoch(epoch: number, state: Known): Refusal | undefined {
  if (epoch < state.epoch) return stale();
  if (epoch === state.epoch) return undefined;
  return refusal("EPOCH_AHEAD", "The move to this epoch is not recorded yet: record it first.");
}

function open(command: Of<"open">, state: SessionState): Decision {
  const { type: _, ...opening } = command;
  if (state.status === "none") return [{ type: "SessionOpened", ...opening, epoch: firstSessionEpoch }];
  if (state.status === "closed") return closed();
  const same =
    state.study === command.study &&
    state.application === command.application &&
    state.owner === command.owner;
  return same ? [] : refusal("SESSION_DIFFERS", "Another session was opened under this id.");
}

function saveView({ epoch, view }: Of<"saveView">, state: Known): Decision {
  const wrong = wrongEpoch(epoch, state);
  if (wrong) return wrong;
  if (canonicalJson(state.view) === canonicalJson(view)) return [];
  return state.status === "closed"
    ? closed()
    : [{ type: "SessionViewSaved", session: state.session, epoch, view }];
}

function annotate({ epoch, annotation, body }: Of<"annotate">, state: Known): Decision {
  const wrong = wrongEpoch(epoch, state);
  if (wrong) return wrong;
  if ((state.annotations.get(annotation) ?? null) === body) return [];
  if (state.status === "closed") return closed();
  if (!state.annotations.has(annotation) && state.annotations.size >= annotationsMax)
    return refusal("TOO_MANY_ANNOTATIONS", `A session holds at most ${annotationsMax} annotations.`);
  return [{ type: "SessionAnnotated", session: state.session, epoch, annotation, body }];
}

function move(command: Of<"move">, state: Known): Decision {
  const { expectedEpoch, host, standby, reason } = command;
  if (expectedEpoch + 1 === state.epoch && sameHost(host, state.host)) return [];
  const wrong = wrongEpoch(expectedEpoch, state);
  if (wrong) return wrong;
  if (state.status === "closed") return closed();
  const epoch = expectedEpoch + 1;
  return [{ type: "SessionMoved", session: state.session, epoch, host, standby, reason }];
}

const sameHost = (a: SessionHost, b: SessionHost): boolean => a.node === b.node && a.site === b.site;

function close({ epoch, reason }: Of<"close">, state: Known): Decision {
  if (state.status === "closed") return [];
  return wrongEpoch(epoch, state) ?? [{ type: "SessionClosed", session: state.session, epoch, reason }];
}

// ---- Evolve

/** @throws Error when the events cannot follow each other: no decider wrote them. */
export function evolveSession(state: SessionState, event: SessionEvent): SessionState {
  if (event.type === "SessionOpened") {
    const { type: _, ...opened } = event;
    return { status: "open", ...opened, view: null, annotations: new Map() };
  }
  if (state.status !== "open") throw new Error(`${event.type} of a session that was ${state.status}`);
  const { epoch } = event;
  switch (event.type) {
    case "SessionViewSaved":
      return { ...state, epoch, view: event.view };
    case "SessionAnnotated":
      return {
        ...state,
        epoch,
        annotations: new Map(state.annotations).set(event.annotation, event.body),
      };
    case "SessionMoved":
      return { ...state, epoch, host: event.host, standby: event.standby };
    case "SessionClosed":
      return { ...state, status: "closed", epoch, reason: event.reason };
  }
}

export const sessionDecider: Decider<SessionState, SessionCommand, SessionEvent> = {
  kind: "session",
  initial: { status: "none" },
  decide: decideSession,
  evolve: evolveSession,
};
