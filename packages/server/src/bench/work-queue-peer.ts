/** The plain lease: a JetStream work queue whose taker goes without a word; another taker waits for the message. */
import { AckPolicy, jetstream, jetstreamManager, RetentionPolicy } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";

const messages = 5;
/** The server's default. */
const ackWaitMs = 30_000;

/** @returns for each message the time from its first taker's end until another one has it. */
export async function redeliveryMs(url: string): Promise<readonly number[]> {
  const taker = await connect({ servers: url });
  const other = await connect({ servers: url });
  try {
    const manager = await jetstreamManager(other);
    await manager.streams.add({ name: "QUEUE", subjects: ["queue.*"], retention: RetentionPolicy.Workqueue });
    await manager.consumers.add("QUEUE", {
      durable_name: "takers",
      ack_policy: AckPolicy.Explicit,
      ack_wait: ackWaitMs * 1_000_000,
    });
    for (let i = 0; i < messages; i++) await jetstream(other).publish(`queue.${i}`);
    const first = await jetstream(taker).consumers.get("QUEUE", "takers");
    for (let i = 0; i < messages; i++) await first.next();
    const goneMs = performance.now();
    await taker.close();
    const second = await jetstream(other).consumers.get("QUEUE", "takers");
    const times: number[] = [];
    for (let i = 0; i < messages; i++) {
      const message = await second.next({ expires: ackWaitMs + 10_000 });
      if (!message) throw new Error("the message did not come again");
      times.push(performance.now() - goneMs);
      message.ack();
    }
    return times;
  } finally {
    await taker.close();
    await other.close();
  }
}
