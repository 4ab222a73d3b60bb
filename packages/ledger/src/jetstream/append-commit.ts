/**
 * One commit is one message. It carries its first event's id as message id and the version that the writer expects on its
 * subject, so that sending it again is harmless: that is what makes a time-out answerable. After one, the same message goes
 * out again, and whatever the answer is, the subject itself tells in the end whether the commit is there.
 */
import { JetStreamApiCodes, JetStreamApiError, type JetStreamClient } from "@nats-io/jetstream";
import { errors } from "@nats-io/nats-core";
import type { AppendOutcome, Expected, Position, Version } from "../event-log.ts";
import { LedgerFault } from "../faults.ts";
import type { StreamReader } from "./stream-reader.ts";
import { retrying, type RetryLimits } from "./transient.ts";

export type CommitMessage = {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly firstEventId: string;
  readonly expected: Expected;
};

export type Appending = {
  readonly client: Pick<JetStreamClient, "publish">;
  readonly reader: StreamReader;
  readonly streamName: string;
  readonly limits: RetryLimits & { readonly requestTimeoutMs: number };
};

/** @throws LedgerFault LEDGER_UNREACHABLE at the limit: the commit may or may not be there, and may still land. */
export async function appendCommit(to: Appending, message: CommitMessage): Promise<AppendOutcome> {
  const impossibleFromMs = to.limits.clock.nowMs() + settlingMs;
  return retrying(to.limits, async () => {
    const acknowledged = await publish(to, message);
    if (acknowledged === "wrong-sequence") return judgeRefusal(to, message, impossibleFromMs);
    if (acknowledged.duplicate) await refuseReusedId(to.reader, acknowledged.seq, message);
    return appended(acknowledged.seq);
  });
}

/** A leader that lost its lead learns of it within about a second; then what it says and what the stream shows agree. */
const settlingMs = 3_000;

/** What the stream does not show yet, though the server refused because of it: the answer is asked for again. */
class NotShownYet extends errors.TimeoutError {}

async function publish({ client, streamName, limits }: Appending, message: CommitMessage) {
  const { subject, data, firstEventId: msgID, expected } = message;
  const lastSubjectSequence = expected === "none" ? 0 : expected;
  const expect = { streamName, lastSubjectSequence };
  try {
    return await client.publish(subject, data, { msgID, expect, timeout: limits.requestTimeoutMs });
  } catch (error) {
    if (isWrongSequence(error)) return "wrong-sequence";
    throw error;
  }
}

/** By code: the newer servers often leave the sequence out of the text, under the second code. */
const isWrongSequence = (error: unknown): boolean =>
  error instanceof JetStreamApiError &&
  (error.code === JetStreamApiCodes.StreamWrongLastSequence ||
    error.code === JetStreamApiCodes.StreamWrongLastSequenceUnknown);

/**
 * The refusal alone is no proof: the leader also refuses what clashes with a commit that is still on its way to the other
 * replicas, and that may be this very one, sent before a time-out. So only what the stream shows counts: the first commit
 * after the expected version is ours or somebody else's.
 */
async function judgeRefusal(
  { reader, limits }: Appending,
  { subject, expected, firstEventId }: CommitMessage,
  impossibleFromMs: number,
): Promise<AppendOutcome> {
  const after = expected === "none" ? 0 : expected;
  const tail = (await reader.tail(subject))?.seq ?? 0;
  if (tail > after)
    for await (const next of reader.ofSubject(subject, after + 1, tail))
      return next.messageId === firstEventId ? appended(next.seq) : conflict;
  // No writer of this stream ever saw the version that this one expects.
  if (tail < after && limits.clock.nowMs() > impossibleFromMs) return conflict;
  throw new NotShownYet();
}

const conflict = { appended: false, reason: "conflict" } as const;

/** The server knows message ids of the whole stream: an id that another subject used would lose this commit silently. */
async function refuseReusedId(
  reader: StreamReader,
  sequence: number,
  { subject }: CommitMessage,
): Promise<void> {
  const stored = await reader.at(sequence);
  if (stored.subject === subject) return;
  const message = `The first event id of a commit to ${subject} was used in another stream before.`;
  throw new LedgerFault("LEDGER_EVENT_ID_REUSED", message);
}

const appended = (sequence: number): AppendOutcome => ({
  appended: true,
  version: sequence as Version,
  position: sequence as Position,
});
