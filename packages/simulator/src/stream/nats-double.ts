/**
 * Stands for the NATS client under the ledger's own code: `publish`, the last message by the leader, the stream's end, and
 * direct reads that any replica answers with what it has.
 */
import type { JetStreamClient, JetStreamManager, StreamInfo } from "@nats-io/jetstream";
import type { Msg, NatsConnection } from "@nats-io/nats-core";
import type { Random } from "../kernel/seeded-random.ts";
import type { Connection } from "./connection.ts";
import type { PublishAnswer } from "./stream-server.ts";
import type { StreamMessage } from "./stream-state.ts";

/** What the ledger's own code takes of the client. */
export type NatsDouble = {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
};

type PublishOptions = {
  readonly msgID?: string;
  readonly expect?: { readonly lastSubjectSequence?: number };
  readonly timeout?: number;
};
type Wanted = { readonly last_by_subj: string } | { readonly seq: number };
type BatchWanted = { readonly seq: number; readonly batch: number; readonly next_by_subj?: string };

const timeoutMs = 500;

export function natsDouble(connection: Connection, random: Random, replicas: number): NatsDouble {
  const publish = (subject: string, data: Uint8Array, { msgID, expect, timeout }: PublishOptions) =>
    connection.requestOfLeader<PublishAnswer>("publish", timeout ?? timeoutMs, (leader, answer) =>
      leader.publish({ subject, data, id: msgID, expected: expect?.lastSubjectSequence }, answer),
    );

  const getMessage = (_: string, wanted: Wanted) =>
    connection.requestOfLeader<StreamMessage | null>("get", timeoutMs, (leader, answer) =>
      leader.message("seq" in wanted ? wanted : { subject: wanted.last_by_subj }, answer),
    );

  const info = (): Promise<StreamInfo> =>
    connection.requestOfLeader("info", timeoutMs, (leader, answer) =>
      leader.lastSequence((last) =>
        answer(last instanceof Error ? last : infoOf(last, leader.heardMs(), replicas)),
      ),
    );

  const requestMany = async (_: string, request: string): Promise<AsyncIterable<Msg>> => {
    const { seq, batch, next_by_subj: subject } = JSON.parse(request) as BatchWanted;
    const found = await connection.request<StreamMessage[]>("direct get", timeoutMs, (server, answer) => {
      const all = server.direct(seq, subject, batch);
      // A batch may end before its time, as when its connection breaks.
      answer(random.chance(0.05) ? all.slice(0, random.int(0, all.length)) : all);
    });
    return answers(found);
  };

  return {
    connection: { requestMany } as unknown as NatsConnection,
    client: { publish } as unknown as JetStreamClient,
    manager: { streams: { getMessage, info } } as unknown as JetStreamManager,
  };
}

function infoOf(last: number, heardMs: readonly number[], replicas: number): StreamInfo {
  const others = heardMs.map((agoMs, index) => ({
    name: `peer-${index}`,
    offline: false,
    active: agoMs * 1e6,
  }));
  return {
    config: { num_replicas: replicas },
    cluster: { replicas: others },
    state: { last_seq: last },
  } as unknown as StreamInfo;
}

const endOfBatch = 204;

/** What the client iterates over: each message with its place in its headers, then the end of the batch. */
async function* answers(messages: readonly StreamMessage[]): AsyncGenerator<Msg> {
  for (const { subject, seq, data, id } of messages) {
    const headers: Readonly<Record<string, string>> = {
      "Nats-Subject": subject,
      "Nats-Sequence": String(seq),
      "Nats-Msg-Id": id,
    };
    yield { data, headers: { last: (name: string) => headers[name] ?? "" } } as unknown as Msg;
  }
  yield { data: new Uint8Array(), headers: { code: endOfBatch } } as unknown as Msg;
}
