import {
  digestOf,
  type NodeId,
  type SessionId,
  type SiteId,
  type SubjectId,
  type Uuid,
} from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import type { SessionEvent, SessionHost } from "../events/session.ts";
import { sampleEvents } from "../golden.fixture.ts";
import {
  annotationsMax,
  evolveSession,
  sessionDecider,
  type SessionCommand,
  type SessionState,
} from "./session.ts";
import { checkTransitions, outcomeOf, type TransitionTable } from "./transitions.fixture.ts";

const uuid = (digit: number) => `00000000-0000-5000-8000-00000000000${digit}` as Uuid;
const session = uuid(1) as SessionId;
const hostAt = (site: string): SessionHost => ({ node: "n1" as NodeId, site: site as SiteId });
const [atA, atB, atC] = [hostAt("site-a"), hostAt("site-b"), hostAt("site-c")];
const opening = {
  session,
  study: uuid(2),
  application: "mpr",
  owner: uuid(3) as SubjectId,
  host: atA,
  standby: atB,
};
const [note, body, otherBody] = [uuid(4), digestOf("a note"), digestOf("another")];

const after = (...events: readonly SessionEvent[]): SessionState =>
  events.reduce<SessionState>(evolveSession, sessionDecider.initial);
const opened: SessionEvent = { type: "SessionOpened", ...opening, epoch: 1 };
const closedEvent: SessionEvent = { type: "SessionClosed", session, epoch: 1, reason: "idle" };

const move = (expectedEpoch: number, host = atB): SessionCommand => ({
  type: "move",
  expectedEpoch,
  host,
  standby: null,
  reason: "node-lost",
});
const annotate = (epoch: number, text: typeof body | null = body): SessionCommand => ({
  type: "annotate",
  epoch,
  annotation: note,
  body: text,
});
const saveView = (epoch: number, windowCentre = 40): SessionCommand => ({
  type: "saveView",
  epoch,
  view: { windowCentre, windowWidth: 400 },
});
const close = (epoch: number): SessionCommand => ({ type: "close", epoch, reason: "by-user" });

const table: TransitionTable<SessionState, SessionCommand> = {
  none: {
    open: "SessionOpened",
    saveView: "!SESSION_UNKNOWN",
    annotate: "!SESSION_UNKNOWN",
    move: "!SESSION_UNKNOWN",
    close: "!SESSION_UNKNOWN",
  },
  open: {
    open: "-",
    saveView: "SessionViewSaved",
    annotate: "SessionAnnotated",
    move: "SessionMoved",
    close: "SessionClosed",
  },
  closed: {
    open: "!SESSION_CLOSED",
    saveView: "!SESSION_CLOSED",
    annotate: "!SESSION_CLOSED",
    move: "!SESSION_CLOSED",
    close: "-",
  },
};

checkTransitions(sessionDecider, {
  states: { none: after(), open: after(opened), closed: after(opened, closedEvent) },
  commands: {
    open: { type: "open", ...opening },
    saveView: saveView(1),
    annotate: annotate(1),
    move: move(1),
    close: close(1),
  },
  table,
});

/** What became of the last command. */
function last(...commands: readonly SessionCommand[]): string {
  let state = after(opened);
  let outcome = "";
  for (const command of commands) {
    outcome = outcomeOf(sessionDecider, state, command);
    const decided = sessionDecider.decide(command, state);
    if (!isRefusal(decided)) state = decided.reduce<SessionState>(evolveSession, state);
  }
  return outcome;
}

test.each<[string, readonly SessionCommand[], string]>([
  ["the same view again is no event", [saveView(1), saveView(1)], "-"],
  ["another view is", [saveView(1), saveView(1, 50)], "SessionViewSaved"],
  ["the same annotation twice is one", [annotate(1), annotate(1)], "-"],
  ["an annotation may change", [annotate(1), annotate(1, otherBody)], "SessionAnnotated"],
  ["an annotation may be taken away, once", [annotate(1), annotate(1, null), annotate(1, null)], "-"],
  ["what never was cannot be taken away", [annotate(1, null)], "-"],
  ["an annotation sent again after the move is still one", [annotate(1), move(1), annotate(2)], "-"],
  ["one sent again after the close is saved", [annotate(1), close(1), annotate(1)], "-"],
  ["the old host's view is refused after the move", [move(1), saveView(1)], "!STALE_EPOCH"],
  ["the old host's annotation is refused", [move(1), annotate(1)], "!STALE_EPOCH"],
  ["the old host cannot close", [move(1), close(1)], "!STALE_EPOCH"],
  ["the new host writes under the next epoch", [move(1), saveView(2)], "SessionViewSaved"],
  ["a standby that worked ahead records its move first", [saveView(2)], "!EPOCH_AHEAD"],
  ["a move that is told twice is recorded once", [move(1), move(1)], "-"],
  ["of two standbys one wins", [move(1, atB), move(1, atC)], "!STALE_EPOCH"],
  ["a move from an epoch that is not recorded waits", [move(2, atC)], "!EPOCH_AHEAD"],
  [
    "who took over from a standby that died unrecorded records both moves",
    [move(1), move(2, atC)],
    "SessionMoved",
  ],
  ["the first move told again after the second is stale", [move(1), move(2, atC), move(1)], "!STALE_EPOCH"],
  ["a session may come back to where it was", [move(1), move(2, atA), saveView(3)], "SessionViewSaved"],
])("%s", (_, commands, expected) => {
  expect(last(...commands)).toBe(expected);
});

test("another study under the same session id is refused", () => {
  const other: SessionCommand = { type: "open", ...opening, study: uuid(9) };
  expect(last(other)).toBe("!SESSION_DIFFERS");
});

test("the state is what a standby needs to show the same picture", () => {
  const moved = after(
    opened,
    { type: "SessionViewSaved", session, epoch: 1, view: { slab: 3 } },
    { type: "SessionAnnotated", session, epoch: 1, annotation: note, body },
    { type: "SessionMoved", session, epoch: 2, host: atB, standby: atC, reason: "site-lost" },
  );
  expect(moved).toEqual({
    status: "open",
    ...opening,
    epoch: 2,
    host: atB,
    standby: atC,
    view: { slab: 3 },
    annotations: new Map([[note, body]]),
  });
});

test("annotations have a limit, below which known ones may still change", () => {
  const annotations = new Map<Uuid, typeof body>([[note, body]]);
  for (let number = 1; number < annotationsMax; number++) annotations.set(`${number}` as Uuid, body);
  const full = { ...(after(opened) as Extract<SessionState, { status: "open" }>), annotations };
  const fresh: SessionCommand = { type: "annotate", epoch: 1, annotation: uuid(8), body };
  expect(outcomeOf(sessionDecider, full, fresh)).toBe("!TOO_MANY_ANNOTATIONS");
  expect(outcomeOf(sessionDecider, full, annotate(1, otherBody))).toBe("SessionAnnotated");
});

test("an event before the session opened, or after it closed, is a bug", () => {
  expect(() => after(closedEvent)).toThrow("was none");
  expect(() => after(opened, closedEvent, sampleEvents.SessionMoved)).toThrow("was closed");
});
