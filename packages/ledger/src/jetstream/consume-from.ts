/**
 * Messages of the stream from a sequence on, by an ordered consumer that ends when it falls silent. The consumer lives in one
 * of the stream's servers. When that one dies, the client asks for its consumer for as long as the server is away, and who
 * follows hears nothing meanwhile; a consumer that is made anew lives in a server that is there.
 */
import { DeliverPolicy, type ConsumerMessages, type JetStreamClient } from "@nats-io/jetstream";

export type ConsumeOptions = {
  /** At most about so many messages wait in this process: more is sent as they are taken. */
  readonly bufferedMessages: number;
  /** After so long without a request the server forgets the consumer. */
  readonly forgetMs: number;
};

const pullMs = 5_000;
/** The client says after two of them that it misses them. */
const idleHeartbeatMs = 1_000;

/** @throws errors of the client when the consumer cannot be made. */
export async function consumeFrom(
  client: JetStreamClient,
  streamName: string,
  first: number,
  { bufferedMessages, forgetMs }: ConsumeOptions,
): Promise<ConsumerMessages> {
  const consumer = await client.consumers.get(streamName, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: first,
    inactive_threshold: forgetMs,
  });
  const messages = await consumer.consume({
    max_messages: bufferedMessages,
    expires: pullMs,
    idle_heartbeat: idleHeartbeatMs,
  });
  void stopWhenSilent(messages);
  return messages;
}

/** The notifications end with the messages. */
async function stopWhenSilent(messages: ConsumerMessages): Promise<void> {
  for await (const { type } of messages.status()) if (type === "heartbeats_missed") messages.stop();
}
