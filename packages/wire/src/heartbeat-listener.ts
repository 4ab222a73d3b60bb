/** Hears everybody's heartbeats over NATS, keeps the liveness machine turning, and tells the others whom it finds silent. */
import { steadyClock, type Clock } from "@releve/domain/clock";
import type { Msg, NatsConnection } from "@nats-io/nats-core";
import { connectCore, type CoreOptions } from "./core-connection.ts";
import {
  everyHeartbeat,
  heartbeatSchema,
  heartbeatSubject,
  processKey,
  type Heartbeat,
} from "./heartbeat.ts";
import type { HeartbeatSender } from "./heartbeat-sender.ts";
import { answered, reconnected } from "./own-ears.ts";
import { heard } from "./take-beat.ts";
import { judge, suspectsOf } from "./judge-silence.ts";
import { newLiveness, type Judged, type Liveness, type LivenessChange } from "./liveness.ts";

export type ListenerOptions = CoreOptions & {
  /** Told of every change of status; must not throw. */
  readonly onChange?: (change: LivenessChange) => void;
  /** Told of every beat, for progress and slots. */
  readonly onBeat?: (beat: Heartbeat) => void;
  /** The observer's own beats: they carry its word on others, and it hears itself by them. */
  readonly own?: {
    readonly site: string;
    readonly node: string;
    readonly sender: Pick<HeartbeatSender, "update">;
  };
  readonly clock?: Clock;
};

/** How often the silences are looked at, and the server asked whether the observer hears at all. */
const judgeEveryMs = 100;

export type HeartbeatListener = {
  readonly liveness: () => Liveness;
  /** Messages under a heartbeat's subject that were none, or spoke for another node. */
  readonly ignored: () => number;
  readonly stop: () => Promise<void>;
};

/** @throws WireFault WIRE_UNREACHABLE */
export async function listenToHeartbeats(options: ListenerOptions): Promise<HeartbeatListener> {
  const clock = options.clock ?? steadyClock;
  const connection = await connectCore(options);
  const { own } = options;
  let liveness = newLiveness(clock.nowMs(), own ? processKey(own) : null);
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
  const speak = newWord(own?.sender);
  const ask = newPing(connection, () => {
    liveness = answered(liveness, clock.nowMs());
  });
  const judging = setInterval(() => {
    ask();
    take(judge(liveness, clock.nowMs()));
    speak(suspectsOf(liveness, clock.nowMs()));
  }, judgeEveryMs);
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

/** Tells the own beats whom the observer finds silent, when that changes. */
function newWord(sender: Pick<HeartbeatSender, "update"> | undefined) {
  let said = "null";
  return (suspects: readonly string[] | null): void => {
    const word = JSON.stringify(suspects);
    if (word === said) return;
    said = word;
    sender?.update({ suspects });
  };
}

/** One ping at a time: its answer comes behind everything that the server had to deliver before. */
function newPing(connection: NatsConnection, onAnswer: () => void): () => void {
  let asking = false;
  return () => {
    if (asking || connection.isClosed()) return;
    asking = true;
    // A ping that fails is a connection that is being made again: the status of the connection tells of it.
    connection
      .flush()
      .then(onAnswer, () => {})
      .finally(() => (asking = false));
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
