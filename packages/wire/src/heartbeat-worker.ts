/** The thread that beats. It shares nothing with the main loop but one number and the messages it is sent. */
import { parentPort, workerData } from "node:worker_threads";
import { connect } from "@nats-io/transport-node";
import type { NatsConnection } from "@nats-io/nats-core";
import { heartbeatEveryMs, heartbeatSubject, type Heartbeat } from "./heartbeat.ts";
import { tickEveryMs, type ToWorker, type WorkerStart } from "./heartbeat-sender.ts";

const start = workerData as WorkerStart;
const subject = heartbeatSubject(start.site, start.node);
const ticks = new BigInt64Array(start.tick);
let { slots, busy, progress } = start;
let sequence = 0;
let connection: NatsConnection | undefined;
/** A client that is cut off would keep its beats and send them all later, when they are no longer true. */
let connected = false;

/** Sooner than a beat is due, the main loop cannot be seen to turn: its own pause is not lag. */
function loopLagMs(): number {
  const sinceMs = Number(process.hrtime.bigint() - Atomics.load(ticks, 0)) / 1e6;
  return Math.max(0, Math.round(sinceMs) - tickEveryMs);
}

function beat(): void {
  if (!connection || !connected) return;
  const { node, site, incarnation } = start;
  const heartbeat: Heartbeat = {
    node,
    site,
    incarnation,
    sequence: sequence++,
    slots,
    busy,
    loopLagMs: loopLagMs(),
    progress,
  };
  connection.publish(subject, JSON.stringify(heartbeat));
  if (sequence === 1) parentPort!.postMessage("beating");
}

async function watch(watched: NatsConnection): Promise<void> {
  for await (const { type } of watched.status()) {
    if (type === "disconnect") connected = false;
    if (type === "reconnect") connected = true;
  }
}

async function stop(): Promise<void> {
  clearInterval(beating);
  await connection?.close();
  parentPort!.close();
}

parentPort!.on("message", (message: ToWorker) => {
  if (message.type === "stop") return void stop();
  slots = message.now.slots ?? slots;
  busy = message.now.busy ?? busy;
  progress = message.now.progress ?? progress;
  return undefined;
});

const beating = setInterval(beat, heartbeatEveryMs);
connection = await connect({
  servers: [...start.servers],
  noRandomize: true,
  ...(start.tls ? { tls: start.tls } : {}),
  name: `heartbeat of ${start.node}`,
  // The server may come later than this process, and go and come again: the beats follow it for ever.
  waitOnFirstConnect: true,
  maxReconnectAttempts: -1,
  reconnectTimeWait: heartbeatEveryMs,
});
connected = true;
void watch(connection);
beat();
