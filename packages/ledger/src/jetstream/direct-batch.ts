/** Some of a stream's messages in one request, answered by any server that holds the stream. */
import { PubHeaders } from "@nats-io/jetstream";
import { errors, type Msg, type NatsConnection } from "@nats-io/nats-core";
import type { StoredMessage } from "./stored-message.ts";

export type BatchMessage = StoredMessage & { readonly messageId: string };

export type BatchRequest = {
  readonly first: number;
  readonly subject?: string;
  /** Without an answer for this long what came so far is taken, or a time-out thrown when nothing came. */
  readonly silenceMs: number;
};

const batchMessages = 256;
/** The server ends a batch that has grown to this, with whole messages. */
const batchBytes = 4 * 1024 * 1024;
const batchLimitMs = 10_000;

/** In order, from `first` on; empty when the server that answers has none (yet). `askedAt` is the API's subject. @throws errors of the client. */
export async function directBatch(
  connection: NatsConnection,
  askedAt: string,
  { first, subject, silenceMs }: BatchRequest,
): Promise<readonly BatchMessage[]> {
  const filter = subject === undefined ? {} : { next_by_subj: subject };
  const request = JSON.stringify({ seq: first, batch: batchMessages, max_bytes: batchBytes, ...filter });
  const answers = await connection.requestMany(askedAt, request, {
    strategy: "sentinel",
    maxWait: batchLimitMs,
  });
  const silence = setTimeout(() => stop(answers), silenceMs);
  const batch: BatchMessage[] = [];
  try {
    for await (const answer of answers) {
      silence.refresh();
      if (answer.data.length === 0) return ended(batch, answer.headers?.code ?? 0);
      batch.push(messageOf(answer));
    }
  } finally {
    clearTimeout(silence);
  }
  return ended(batch, 0);
}

/** The client's iterator has it, though its type does not say so. */
const stop = (answers: AsyncIterable<Msg> & { stop?: () => void }) => answers.stop?.();

const [endOfBatch, notFound] = [204, 404];

function ended(batch: readonly BatchMessage[], code: number): readonly BatchMessage[] {
  if (batch.length > 0 || code === endOfBatch || code === notFound) return batch;
  throw new errors.TimeoutError();
}

function messageOf({ headers, data }: Msg): BatchMessage {
  const header = (name: string) => headers?.last(name) ?? "";
  return {
    subject: header("Nats-Subject"),
    seq: Number(header("Nats-Sequence")),
    messageId: header(PubHeaders.MsgIdHdr),
    data,
  };
}
