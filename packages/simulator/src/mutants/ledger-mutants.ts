/** Bugs in how a commit gets into the ledger and how it is read. */
import type { Mutant } from "./mutant.ts";

const append = "ledger/src/jetstream/append-commit.ts";
const transient = "ledger/src/jetstream/transient.ts";
const reader = "ledger/src/jetstream/stream-reader.ts";
const handler = "ledger/src/command-handler.ts";

export const ledgerMutants: readonly Mutant[] = [
  {
    name: "append-expects-nothing",
    file: append,
    text: "const expect = { streamName, lastSubjectSequence };",
    replacement: "const expect = { streamName };",
    lesson: "Without the expected version every decision is a guess.",
  },
  {
    name: "append-without-message-id",
    file: append,
    text: "{ msgID, expect, timeout: limits.requestTimeoutMs }",
    replacement: "{ expect, timeout: limits.requestTimeoutMs, ...(msgID ? {} : { msgID }) }",
    lesson: "After a time-out the id is all by which one's own commit is known.",
  },
  {
    name: "refusal-is-always-anothers",
    file: append,
    text: "return next.messageId === firstEventId ? appended(next.seq) : conflict;",
    replacement: "return next.messageId === undefined ? appended(next.seq) : conflict;",
    lesson: "A refusal after a time-out may mean that one's own commit is there.",
  },
  {
    name: "refusal-is-always-ours",
    file: append,
    text: "return next.messageId === firstEventId ? appended(next.seq) : conflict;",
    replacement: "return next.messageId !== undefined ? appended(next.seq) : conflict;",
    lesson: "What came after the expected version is somebody else's unless it has our id.",
  },
  {
    name: "refusal-by-one-code",
    file: append,
    text: "  (error.code === JetStreamApiCodes.StreamWrongLastSequence ||\n    error.code === JetStreamApiCodes.StreamWrongLastSequenceUnknown);",
    replacement: "  error.code === JetStreamApiCodes.StreamWrongLastSequence;",
    lesson: "Newer servers say it with another code.",
  },
  {
    name: "wrong-version-told",
    file: append,
    text: "    return appended(acknowledged.seq);",
    replacement: "    return appended(acknowledged.seq + 1);",
    lesson: "The version of the commit is the fencing token: any other locks the node out of its own job.",
  },
  {
    name: "time-out-is-a-refusal",
    file: append,
    text: '    if (isWrongSequence(error)) return "wrong-sequence";',
    replacement:
      '    if (isWrongSequence(error)) return "wrong-sequence";\n    if (error instanceof errors.TimeoutError) return { seq: 0, duplicate: false };',
    lesson: "A time-out says nothing: the commit may be there, or come later.",
  },
  {
    name: "time-out-is-final",
    file: transient,
    text: "  if (error instanceof errors.TimeoutError || error instanceof errors.NoRespondersError) return true;",
    replacement: "  if (error instanceof errors.NoRespondersError) return true;",
    lesson: "While a leader is elected nobody answers for up to nine seconds.",
  },
  {
    name: "no-leader-is-final",
    file: transient,
    text: "return error.status === 503 || transientCodes.includes(error.code);",
    replacement: "return transientCodes.includes(error.code);",
    lesson: "A server without a leader says so, and means: ask again.",
  },
  {
    name: "in-process-is-final",
    file: transient,
    text: "return error.status === 503 || transientCodes.includes(error.code);",
    replacement: "return error.status === 503;",
    lesson: "One's own message that is just being stored is no error.",
  },
  {
    name: "stale-read-is-the-end",
    file: reader,
    text: "      await limits.clock.wait(lagPauseMs);\n      continue;",
    replacement: "      return;",
    lesson: "A replica that lags has nothing yet: that is not the end of the stream.",
  },
  {
    name: "half-a-batch-is-all",
    file: reader,
    text: "    first = batch.at(-1)!.seq + 1;",
    replacement: "    first = last + 1;",
    lesson: "A batch may end early; what is missing has to be asked for.",
  },
  {
    name: "batch-without-its-last",
    file: reader,
    text: "for (const message of batch) if (message.seq <= last) yield message;",
    replacement: "for (const message of batch) if (message.seq < last) yield message;",
    lesson: "The last commit decides: a reader without it decides on yesterday.",
  },
  {
    name: "conflict-is-success",
    file: handler,
    text: "    if (outcome.appended) return executed(decider, state, decided, outcome.version);",
    replacement:
      "    return executed(decider, state, decided, outcome.appended ? outcome.version : (version as Version));",
    lesson: "Who lost the race must decide again on what is true now.",
  },
];
