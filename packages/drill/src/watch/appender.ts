/**
 * A writer of the drill's own at one site's server: appends to a stream of its own again and again, each time expecting the
 * version that it wrote last. What the ledger says yes to must be there at the end, once.
 */
import { randomUUID } from "node:crypto";
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { NodeId, SiteId, Uuid } from "@releve/domain/ids";
import type { EventLog, Expected } from "@releve/ledger/event-log";
import type { NodeEvent } from "@releve/ledger/events/node";
import { nodeStream } from "@releve/ledger/streams";
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
  const node = `drill-${randomUUID().slice(0, 8)}` as NodeId;
  const stream = nodeStream(site as SiteId, node);
  const acknowledged: Acknowledged[] = [];
  let expected: Expected = "none";
  let lastMs = clock.nowMs();
  let longestGapMs = 0;
  for (let count = 0; count < appendsMax && !signal.aborted; count++) {
    const eventId = randomUUID() as Uuid;
    const event = nextEvent(node, site as SiteId, count);
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
  stream: ReturnType<typeof nodeStream>,
  known: Expected,
): Promise<Expected> {
  try {
    return (await log.read(stream)).at(-1)?.version ?? known;
  } catch (error) {
    if (error instanceof Fault && error.retry === "later") return known;
    throw error;
  }
}

/** What an operator may write and nobody acts on: a node that never joined is drained and taken back, again and again. */
function nextEvent(node: NodeId, site: SiteId, count: number): NodeEvent {
  return count % 2 === 0
    ? { type: "NodeDraining", node, site, reason: `drill ${count}` }
    : { type: "NodeResumed", node, site };
}
