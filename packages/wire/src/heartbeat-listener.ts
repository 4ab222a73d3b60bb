/** Hears everybody's heartbeats over NATS and keeps the liveness machine turning. */
import { systemClock, type Clock } from "@releve/domain/clock";
import type { Msg, NatsConnection } from "@nats-io/nats-core";
import { connectCore, type CoreOptions } from "./core-connection.ts";
import {
  everyHeartbeat,
  heartbeatEveryMs,
  heartbeatSchema,
  heartbeatSubject,
  type Heartbeat,
} from "./heartbeat.ts";
import {
  heard,
  judge,
  newLiveness,
  reconnected,
  type Judged,
  type Liveness,
  type LivenessChange,
} from "./liveness.ts";

export type ListenerOptions = CoreOptions & {
  /** Told of every change of status; must not throw. */
  readonly onChange?: (change: LivenessChange) => void;
  /** Told of every beat, for progress and slots. */
  readonly onBeat?: (beat: Heartbeat) => void;
  readonly clock?: Clock;
};

export type HeartbeatListener = {
  readonly liveness: () => Liveness;
  /** Messages under a heartbeat's subject that were none, or spoke for another node. */
  readonly ignored: () => number;
  readonly stop: () => Promise<void>;
};

/** @throws WireFault WIRE_UNREACHABLE */
export async function listenToHeartbeats(options: ListenerOptions): Promise<HeartbeatListener> {
  const clock = options.clock ?? systemClock;
  const connection = await connectCore(options);
  let liveness = newLiveness(clock.nowMs());
  let ignored = 0;

  const take = (judged: Judged): void => {
    liveness = judged.liveness;
    for (const change of judged.changes) options.onChange?.(change);
  };
  const onMessage = (message: Msg): void => {
    const beat = beatIn(message);
    if (!beat) return void ignored++;
    take(heard(liveness, beat, clock.nowMs()));
    return options.onBeat?.(beat);
  };
  connection.subscribe(everyHeartbeat, {
    callback: (error, message) => (error ? undefined : onMessage(message)),
  });
  const judging = setInterval(() => take(judge(liveness, clock.nowMs())), heartbeatEveryMs);
  void onEachReconnect(connection, () => {
    liveness = reconnected(liveness, clock.nowMs());
  });

  return {
    liveness: () => liveness,
    ignored: () => ignored,
    stop: async () => {
      clearInterval(judging);
      await connection.close();
    },
  };
}

/** Undefined for what is no heartbeat, and for one that speaks for another node than its subject. */
function beatIn(message: Msg): Heartbeat | undefined {
  const parsed = heartbeatSchema.safeParse(jsonOrUndefined(message.string()));
  if (!parsed.success) return undefined;
  const { site, node } = parsed.data;
  return message.subject === heartbeatSubject(site, node) ? parsed.data : undefined;
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema then says that it is no heartbeat, and it is counted
  }
}

async function onEachReconnect(connection: NatsConnection, then: () => void): Promise<void> {
  for await (const { type } of connection.status()) if (type === "reconnect") then();
}
