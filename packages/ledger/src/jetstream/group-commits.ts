/**
 * Commits that are appended at the same time by this process go out together, as one atomic batch of JetStream (ADR-50): the
 * server syncs its disk once for all of them. The first goes at once and alone; those that come while it is on its way are
 * the next batch, so nobody waits for company.
 *
 * A batch is stored whole or not at all, so one commit that is refused would fail its neighbours: after a refused batch each
 * goes alone, and gets its own answer. After a time-out nobody knows; each is then tried again by whoever sent it, and what
 * had landed is refused in the next batch by its message id, and recognised alone.
 */
import type { JetStreamClient, JetStreamPublishOptions, PubAck } from "@nats-io/jetstream";
import { headers, nuid, type MsgHdrs, type NatsConnection } from "@nats-io/nats-core";

export type Publisher = Pick<JetStreamClient, "publish">;

type Waiting = {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly options: Partial<JetStreamPublishOptions>;
  readonly resolve: (acknowledged: PubAck) => void;
  readonly reject: (reason: unknown) => void;
};

/**
 * One server syncs one batch after the other, so a second on its way only makes both small. Replicas agree on several at
 * once, and the way between sites is long.
 */
export const groupsInFlightOf = (replicas: number): number => (replicas === 1 ? 1 : 2);

/** The server takes 1,000 messages a batch. */
const groupMessagesMax = 250;
const groupBytesMax = 4 * 1024 * 1024;

export function groupingPublisher(
  connection: NatsConnection,
  client: Publisher,
  groupsInFlight: number,
): Publisher {
  let waiting: Waiting[] = [];
  let inFlight = 0;

  const alone = async ({ subject, data, options, resolve, reject }: Waiting): Promise<void> => {
    await client.publish(subject, data, options).then(resolve, reject);
  };

  const together = async (group: readonly Waiting[]): Promise<void> => {
    const [only] = group;
    if (only && group.length === 1) return alone(only);
    try {
      const answer = await publishBatch(connection, group);
      if (answer === "refused") await Promise.all(group.map(alone));
      else group.forEach((one, index) => one.resolve(acknowledgementOf(answer, group.length, index)));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };

  const drain = (): void => {
    while (inFlight < groupsInFlight && waiting.length > 0) {
      const { group, apart, rest } = nextGroup(waiting);
      waiting = rest;
      for (const one of apart) void alone(one);
      inFlight += 1;
      void together(group).finally(() => {
        inFlight -= 1;
        drain();
      });
    }
  };

  return {
    publish: (subject, data, options = {}) =>
      new Promise((resolve, reject) => {
        waiting.push({ subject, data: bytesOf(data), options, resolve, reject });
        drain();
      }),
  };
}

function bytesOf(data: Uint8Array | string | undefined): Uint8Array {
  return typeof data === "string" ? new TextEncoder().encode(data) : (data ?? new Uint8Array());
}

type Split = {
  readonly group: readonly Waiting[];
  readonly apart: readonly Waiting[];
  readonly rest: Waiting[];
};

/** At most one message a subject: two that expect the same version would always fail the batch. */
function nextGroup(waiting: readonly Waiting[]): Split {
  const group: Waiting[] = [];
  const apart: Waiting[] = [];
  const subjects = new Set<string>();
  let bytes = 0;
  for (const [index, one] of waiting.entries()) {
    const isFull = group.length === groupMessagesMax || bytes + one.data.length > groupBytesMax;
    if (isFull && group.length > 0) return { group, apart, rest: waiting.slice(index) };
    if (subjects.has(one.subject)) apart.push(one);
    else {
      subjects.add(one.subject);
      bytes += one.data.length;
      group.push(one);
    }
  }
  return { group, apart, rest: [] };
}

type BatchAnswer = PubAck & { readonly error?: unknown };

/** All but the last are sent without waiting; the last commits the batch, and its answer is for all. */
async function publishBatch(
  connection: NatsConnection,
  group: readonly Waiting[],
): Promise<PubAck | "refused"> {
  const batch = nuid.next();
  const messages = group.map((one, index) => ({ ...one, headers: headersOf(one.options, batch, index + 1) }));
  const last = messages.pop()!;
  for (const { subject, data, headers: header } of messages)
    connection.publish(subject, data, { headers: header });
  last.headers.set("Nats-Batch-Commit", "1");
  const timeout = last.options.timeout ?? 5_000;
  const answer = await connection.request(last.subject, last.data, { headers: last.headers, timeout });
  const { error, ...acknowledged } = answer.json<BatchAnswer>();
  return error === undefined ? acknowledged : "refused";
}

function headersOf(options: Partial<JetStreamPublishOptions>, batch: string, sequence: number): MsgHdrs {
  const { msgID, expect } = options;
  const header = headers();
  header.set("Nats-Batch-Id", batch);
  header.set("Nats-Batch-Sequence", String(sequence));
  if (msgID !== undefined) header.set("Nats-Msg-Id", msgID);
  if (expect?.streamName !== undefined) header.set("Nats-Expected-Stream", expect.streamName);
  if (expect?.lastSubjectSequence !== undefined)
    header.set("Nats-Expected-Last-Subject-Sequence", String(expect.lastSubjectSequence));
  return header;
}

/** The messages of a batch are stored one after the other; the answer tells the last one's place. */
const acknowledgementOf = ({ seq, ...rest }: PubAck, count: number, index: number): PubAck => ({
  ...rest,
  seq: seq - (count - 1 - index),
  duplicate: false,
});
