/**
 * One commit is one append, all of its events or none. The server knows an append that it was told before by its event ids
 * and the revision that it expects, so that telling it again is harmless: after a time-out it is told again. The outcome is
 * read from the stream itself: where the commit would lie, does our own first event lie there? That also gives its position,
 * which the server does not promise for what it was told before.
 */
import {
  ErrorType,
  NO_STREAM,
  type AppendToStreamOptions,
  type EventStoreDBClient,
  type JSONEventData,
} from "@eventstore/db-client";
import type { AppendOutcome, Expected } from "../event-log.ts";
import { answered, isOfType, NoAnswer, retrying, type Limits } from "./eventstore-errors.ts";
import { positionOf } from "./log-position.ts";
import { streamEvents } from "./read-events.ts";
import { partOf, versionOf } from "./stored-event.ts";

export type Appending = { readonly client: EventStoreDBClient; readonly limits: Limits };
export type NewCommit = {
  readonly name: string;
  readonly events: JSONEventData[];
  readonly expected: Expected;
};

/** @throws LedgerFault LEDGER_UNREACHABLE at the limit: the commit may or may not be there, and may still land. */
export async function appendToStream(to: Appending, commit: NewCommit): Promise<AppendOutcome> {
  return retrying(to.limits, async () => {
    const answer = await tell(to, commit);
    const stored = await storedCommit(to, commit);
    if (stored) return stored;
    if (answer === "conflict") return { appended: false, reason: "conflict" };
    throw new NoAnswer("it was appended, and a member that lags does not show it yet");
  });
}

async function tell(
  { client, limits: { requestTimeoutMs } }: Appending,
  { name, events, expected }: NewCommit,
): Promise<"appended" | "conflict"> {
  const expectedRevision = expected === "none" ? NO_STREAM : BigInt(expected);
  const options: AppendToStreamOptions = { expectedRevision, deadline: requestTimeoutMs };
  try {
    const { success } = await answered(requestTimeoutMs, client.appendToStream(name, events, options));
    return success ? "appended" : "conflict";
  } catch (error) {
    if (isOfType(error, ErrorType.WRONG_EXPECTED_VERSION)) return "conflict";
    throw error;
  }
}

/** The outcome when our first event lies where it belongs; undefined when another one does, or none. */
async function storedCommit(to: Appending, { name, events, expected }: NewCommit) {
  const from = expected === "none" ? 0 : expected + 1;
  const first = await eventAt(to, name, from);
  if (first?.id !== events[0]!.id) return undefined;
  const { count } = partOf(first);
  const last = count === 1 ? first : await eventAt(to, name, from + count - 1);
  if (!last) throw new NoAnswer("the commit's end does not show yet");
  return { appended: true, version: versionOf(last), position: positionOf(last) } as const;
}

async function eventAt({ client, limits }: Appending, name: string, revision: number) {
  const silenceMs = limits.requestTimeoutMs;
  const [event] = await streamEvents(client, name, { from: revision, count: 1, silenceMs });
  return Number(event?.revision) === revision ? event : undefined;
}
