/** A session as a list shows it. Its owner stays in the events: a list of sessions needs no person. */
import type { EventEnvelope } from "../envelope.ts";
import type { SessionEvent, SessionHost } from "../events/session.ts";

export type SessionView = {
  readonly session: string;
  readonly study: string;
  readonly application: string;
  readonly status: "open" | "closed";
  readonly epoch: number;
  readonly host: SessionHost;
  readonly standby: SessionHost | null;
  readonly openedAtMs: number;
  readonly lastAtMs: number;
  /** Why it moved last, or was closed. */
  readonly reason?: string;
};

/** One event further; undefined where a stream begins with something else than the opening. */
export function nextSessionView(
  view: SessionView | undefined,
  envelope: EventEnvelope,
): SessionView | undefined {
  const event = envelope.event as SessionEvent;
  const lastAtMs = envelope.context.atMs;
  if (event.type === "SessionOpened") {
    const { session, study, application, epoch, host, standby } = event;
    const openedAtMs = lastAtMs;
    return { session, study, application, status: "open", epoch, host, standby, openedAtMs, lastAtMs };
  }
  if (!view) return undefined;
  switch (event.type) {
    case "SessionViewSaved":
    case "SessionAnnotated":
      return { ...view, lastAtMs };
    case "SessionMoved": {
      const { epoch, host, standby, reason } = event;
      return { ...view, epoch, host, standby, reason, lastAtMs };
    }
    case "SessionClosed":
      return { ...view, status: "closed", reason: event.reason, lastAtMs };
  }
}
