/** The thread that beats. It shares nothing with the main loop but one number and the messages it is sent. */
import { setTimeout as pause } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { connect } from "@nats-io/transport-node";
import type { NatsConnection } from "@nats-io/nats-core";
import { heartbeatEveryMs, heartbeatSubject, type Heartbeat } from "./heartbeat.ts";
import { tickEveryMs, type Beating, type ToWorker, type WorkerStart } from "./heartbeat-sender.ts";

const { tick, servers, tls, ...self } = workerData as WorkerStart;
const subject = heartbeatSubject(self.site, self.node);
const ticks = new BigInt64Array(tick);
let now: Beating = { busy: 0, progress: {}, suspects: null, draining: false };
let sequence = 0;
let connection: NatsConnection | undefined;
/** A client that is cut off would keep its beats and send them all later, when they are no longer true. */
let connected = false;
let outOfTurn: NodeJS.Timeout | undefined;

/** News goes out at once, but news that comes in a burst goes out together. */
const burstMs = 20;
/** A frozen server keeps its sockets: two unanswered pings, and the beats go to the next server. */
const pingEveryMs = 500;
/** The last beat is a courtesy: nobody waits for long until a server has it. */
const lastBeatMs = 500;

/** Sooner than a beat is due, the main loop cannot be seen to turn: its own pause is not lag. */
function loopLagMs(): number {
  const sinceMs = Number(process.hrtime.bigint() - Atomics.load(ticks, 0)) / 1e6;
  return Math.max(0, Math.round(sinceMs) - tickEveryMs);
}

function beat(leaving = false): void {
  outOfTurn = undefined;
  if (!connection || !connected) return;
  const { memoryBytes = null, engine = "" } = self;
  const heartbeat: Heartbeat = {
    ...self,
    memoryBytes,
    engine,
    ...now,
    sequence: sequence++,
    loopLagMs: loopLagMs(),
    ...(leaving ? { leaving } : {}),
  };
  connection.publish(subject, JSON.stringify(heartbeat));
  if (sequence === 1) parentPort!.postMessage("beating");
}

function update(news: Partial<Beating>): void {
  const { progress: _, ...rest } = news;
  const isNews = Object.entries(rest).some(([key, value]) => now[key as keyof Beating] !== value);
  now = { ...now, ...news };
  if (isNews) outOfTurn ??= setTimeout(() => beat(), burstMs);
}

async function watch(watched: NatsConnection): Promise<void> {
  for await (const { type } of watched.status()) {
    if (type === "disconnect") connected = false;
    if (type === "reconnect") connected = true;
  }
}

async function stop(inOrder: boolean): Promise<void> {
  clearInterval(beating);
  clearTimeout(outOfTurn);
  if (inOrder) {
    beat(true);
    await Promise.race([connection?.flush().catch(() => {}), pause(lastBeatMs)]);
  }
  await connection?.close();
  parentPort!.close();
}

parentPort!.on("message", (message: ToWorker) =>
  message.type === "stop" ? void stop(message.inOrder) : update(message.now),
);

const beating = setInterval(() => beat(), heartbeatEveryMs);
connection = await connect({
  servers: [...servers],
  noRandomize: true,
  ...(tls ? { tls: { ...tls, handshakeFirst: true } } : {}),
  name: `heartbeat of ${self.node}`,
  // The server may come later than this process, and go and come again: the beats follow it for ever.
  waitOnFirstConnect: true,
  maxReconnectAttempts: -1,
  reconnectTimeWait: heartbeatEveryMs,
  pingInterval: pingEveryMs,
  maxPingOut: 2,
});
connected = true;
void watch(connection);
beat();
