/** Sessions in the ledger: opened, what settled, moved, closed. Frames and the running mirror never come here. */
import { canonicalJson } from "@releve/domain/canonical-json";
import type { Clock } from "@releve/domain/clock";
import {
  digestOf,
  type Digest,
  type NodeId,
  type SessionId,
  type SiteId,
  type StudyId,
  type SubjectId,
  type Uuid,
} from "@releve/domain/ids";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import { execute } from "@releve/ledger/command-handler";
import { sessionDecider, type SessionCommand, type SessionState } from "@releve/ledger/deciders/session";
import type { EventLog } from "@releve/ledger/event-log";
import type { SessionHost } from "@releve/ledger/events/session";
import { load } from "@releve/ledger/fold";
import { sessionStream } from "@releve/ledger/streams";
import type { SessionPlace } from "@releve/wire/session/link-messages";
import type { ViewState } from "@releve/wire/session/view-state";
import { fromKept, toKept } from "./kept-view.ts";

type Where = Pick<SessionPlace, "node" | "site">;

/** What a stream needs to know to show a session. */
export type SessionNow = {
  readonly session: SessionId;
  readonly study: StudyId;
  readonly plan: Digest;
  readonly epoch: number;
  readonly host: Where;
  readonly standby: Where | null;
  readonly view: ViewState | null;
};

export type NewSession = Pick<SessionNow, "session" | "study" | "plan" | "host" | "standby"> & {
  readonly owner: SubjectId;
};

export type MoveReason = Extract<SessionCommand, { type: "move" }>["reason"];

export type SessionLedger = {
  readonly open: (session: NewSession) => Promise<Refusal | undefined>;
  /** Refusal: SESSION_UNKNOWN, SESSION_CLOSED, LEDGER_UNREACHABLE. */
  readonly now: (session: SessionId) => Promise<SessionNow | Refusal>;
  /** The view and, by id and digest, each annotation that came, changed or went. */
  readonly keep: (now: SessionNow, view: ViewState) => Promise<Refusal | undefined>;
  readonly move: (from: SessionNow, to: SessionNow, reason: MoveReason) => Promise<Refusal | undefined>;
  readonly close: (session: SessionId) => Promise<{ readonly changed: boolean } | Refusal>;
};

/** The application by whose name a session of the viewer is in the ledger. */
const application = "viewer";

/** @param log undefined while the ledger was not reached. Every function throws the ledger's faults. */
export function sessionLedger(log: () => EventLog | undefined, site: string, clock: Clock): SessionLedger {
  const run = async (session: SessionId, command: SessionCommand) => {
    const open = log();
    if (!open) return unreachable();
    const context = { atMs: clock.nowMs(), site, actor: `api:${site}` };
    return execute(open, sessionStream(session), sessionDecider, command, context);
  };
  const refusedOf = (done: Awaited<ReturnType<typeof run>>) => (isRefusal(done) ? done : undefined);
  return {
    open: async ({ session, study, owner, host, standby, plan }) => {
      const places = { host: inLedger(host), standby: standby && inLedger(standby) };
      const opened = await run(session, { type: "open", session, study, application, owner, ...places });
      if (isRefusal(opened)) return opened;
      const view = toKept({ plan, state: null });
      return refusedOf(await run(session, { type: "saveView", epoch: 1, view }));
    },
    now: async (session) => {
      const open = log();
      if (!open) return unreachable();
      const { state } = await load(open, sessionStream(session), sessionDecider);
      return nowOf(session, state);
    },
    keep: async ({ session, plan, epoch }, view) => {
      const kept = await run(session, { type: "saveView", epoch, view: toKept({ plan, state: view }) });
      if (isRefusal(kept)) return kept;
      for (const [annotation, body] of changedAnnotations(kept.state, view)) {
        const noted = await run(session, { type: "annotate", epoch, annotation, body });
        if (isRefusal(noted)) return noted;
      }
      return undefined;
    },
    move: async ({ session, epoch }, { host, standby }, reason) => {
      const places = { host: inLedger(host), standby: standby && inLedger(standby) };
      return refusedOf(await run(session, { type: "move", expectedEpoch: epoch, ...places, reason }));
    },
    close: async (session) => {
      const { epoch } = { epoch: 0, ...(await openState(log, session)) };
      const done = await run(session, { type: "close", epoch, reason: "by-user" });
      return isRefusal(done) ? done : { changed: done.events.length > 0 };
    },
  };
}

const unreachable = (): Refusal =>
  refusal("LEDGER_UNREACHABLE", "The ledger does not answer: nothing can be recorded now.");

const inLedger = ({ node, site }: Where): SessionHost => ({ node: node as NodeId, site: site as SiteId });

async function openState(log: () => EventLog | undefined, session: SessionId) {
  const open = log();
  if (!open) return undefined;
  const { state } = await load(open, sessionStream(session), sessionDecider);
  return state.status === "none" ? undefined : { epoch: state.epoch };
}

function nowOf(session: SessionId, state: SessionState): SessionNow | Refusal {
  if (state.status === "none") return refusal("SESSION_UNKNOWN", "There is no such session.");
  if (state.status === "closed") return refusal("SESSION_CLOSED", "The session was closed.");
  const kept = fromKept(state.view);
  if (!kept) return refusal("SESSION_UNKNOWN", "The session holds no view that can be shown here.");
  const { study, epoch, host, standby } = state;
  return { session, study, epoch, host, standby, plan: kept.plan, view: kept.state };
}

/** What the ledger does not have so yet; null where an annotation is gone. */
function changedAnnotations(state: SessionState, { annotations }: ViewState): [Uuid, Digest | null][] {
  const before = state.status === "none" ? new Map<Uuid, Digest | null>() : state.annotations;
  const now = new Map(annotations.map((one) => [one.id as Uuid, digestOf(canonicalJson(toJson(one)))]));
  const gone = [...before].flatMap(([id, body]): [Uuid, null][] =>
    body !== null && !now.has(id) ? [[id, null]] : [],
  );
  return [...[...now].filter(([id, body]) => before.get(id) !== body), ...gone];
}

const toJson = (value: unknown) => JSON.parse(JSON.stringify(value)) as Parameters<typeof canonicalJson>[0];
