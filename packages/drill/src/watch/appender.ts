/**
 * A writer of the drill's own: one session at one site's server, whose view it saves again and again, each time expecting
 * the version that it wrote last. What the ledger says yes to must be there at the end, once.
 */
import { randomUUID } from "node:crypto";
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { NodeId, SessionId, SiteId, Uuid } from "@releve/domain/ids";
import type { EventLog, Expected } from "@releve/ledger/event-log";
import type { SessionEvent } from "@releve/ledger/events";
import { sessionStream } from "@releve/ledger/streams";
import type { Acknowledged } from "../invariants/run-evidence.ts";

export type Appended = {
  readonly acknowledged: readonly Acknowledged[];
  /** The longest time between two that were acknowledged. */
  readonly longestGapMs: number;
};

const pauseMs = 150;
/** A run lasts a minute. */
const appendsMax = 1_000;

/** Appends until the signal is aborted. A writer that cannot reach the ledger tries on: that is what is drilled. */
export async function appendUntil(
  log: EventLog,
  clock: Clock,
  site: string,
  signal: AbortSignal,
): Promise<Appended> {
  const session = randomUUID() as Uuid as SessionId;
  const stream = sessionStream(session);
  const acknowledged: Acknowledged[] = [];
  let expected: Expected = "none";
  let lastMs = clock.nowMs();
  let longestGapMs = 0;
  for (let count = 0; count < appendsMax && !signal.aborted; count++) {
    const eventId = randomUUID() as Uuid;
    const event = expected === "none" ? opened(session, site) : saved(session, count);
    const context = { atMs: clock.nowMs(), site, actor: "drill" };
    try {
      const outcome = await log.append(stream, [{ eventId, context, event }], expected);
      if (outcome.appended) {
        expected = outcome.version;
        acknowledged.push({ stream, version: outcome.version, eventId });
        longestGapMs = Math.max(longestGapMs, clock.nowMs() - lastMs);
        lastMs = clock.nowMs();
      } else expected = await lastVersion(log, stream, expected);
    } catch (error) {
      if (!(error instanceof Fault) || error.retry === "never") throw error;
      expected = await lastVersion(log, stream, expected); // it may have landed: nobody said so, so it does not count
    }
    await clock.wait(pauseMs, signal);
  }
  return { acknowledged, longestGapMs };
}

async function lastVersion(
  log: EventLog,
  stream: ReturnType<typeof sessionStream>,
  known: Expected,
): Promise<Expected> {
  try {
    return (await log.read(stream)).at(-1)?.version ?? known;
  } catch (error) {
    if (error instanceof Fault && error.retry === "later") return known;
    throw error;
  }
}

const nobody = "00000000-0000-5000-8000-000000000000" as Uuid;

const opened = (session: SessionId, site: string): SessionEvent => ({
  type: "SessionOpened",
  session,
  study: nobody,
  application: "drill",
  owner: nobody,
  host: { node: "drill" as NodeId, site: site as SiteId },
  standby: null,
  epoch: 1,
});

const saved = (session: SessionId, count: number): SessionEvent => ({
  type: "SessionViewSaved",
  session,
  epoch: 1,
  view: { count },
});
