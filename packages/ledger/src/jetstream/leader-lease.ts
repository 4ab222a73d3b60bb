/**
 * Whether the server that answers as the stream's leader still leads it. A leader that is cut off from the others goes on
 * answering for up to 20 s, while they elect a new one after 4 s at the earliest (constants of the server's Raft). So its
 * word counts only while it has heard from a majority shortly before. A leader that a follower left for another one without
 * a time-out (it hears both, they do not hear each other) learns of it at its next heartbeat, within a second: a read may
 * then miss what was written in that second, and an append that decides on it is refused by the version it expects.
 */
import type { JetStreamManager, StreamInfo } from "@nats-io/jetstream";
import { errors } from "@nats-io/nats-core";
import type { Clock } from "@releve/domain/clock";

/**
 * A leader that wakes from a freeze takes messages that waited in its sockets for news of its followers. So after a silence
 * in which it may have slept it is asked twice: by the second time it has read of the new leader too, for that waited as well.
 * A shorter sleep only makes the news older: heard, slept and leased are together below the 4 s of an election.
 */
const heardWithinMs = 1_300;
const sleptMs = 1_400;
const leaseMs = 1_200;
const wakingMs = 100;
/** Who reads all the time renews before the end and never waits. */
const renewBeforeMs = 600;

export type LeaderLease = {
  /** Returns at once when the leader was sure of its lead a moment ago, else asks. @throws a transient error when it is not. */
  readonly require: () => Promise<void>;
  /** The stream's settings and state by a leader that is sure of its lead. @throws a transient error when it is not. */
  readonly info: () => Promise<StreamInfo>;
};

/** @param monotonicMs never jumps, as the clock for people may. */
export function leaderLease(
  manager: JetStreamManager,
  stream: { readonly name: string; readonly replicas: number },
  clock: Pick<Clock, "wait">,
  monotonicMs: () => number = () => performance.now(),
): LeaderLease {
  let untilMs = stream.replicas === 1 ? Infinity : -Infinity;
  let askedMs = -Infinity;
  let asking: Promise<StreamInfo> | undefined;

  const ask = async (): Promise<StreamInfo> => {
    const answer = await manager.streams.info(stream.name);
    if (!isSureOfItsLead(answer)) throw new errors.TimeoutError();
    return answer;
  };

  const info = async (): Promise<StreamInfo> => {
    if (stream.replicas > 1 && monotonicMs() - askedMs > sleptMs) {
      await ask();
      await clock.wait(wakingMs);
    }
    const startedMs = monotonicMs();
    const answer = await ask();
    askedMs = startedMs;
    untilMs = Math.max(untilMs, startedMs + leaseMs);
    return answer;
  };

  const renew = (): Promise<StreamInfo> => {
    asking ??= info().finally(() => {
      asking = undefined;
    });
    return asking;
  };

  const require = async (): Promise<void> => {
    const leftMs = untilMs - monotonicMs();
    if (leftMs <= 0) await renew();
    else if (leftMs < renewBeforeMs) renew().catch(() => {}); // whoever comes after the end asks and is told
  };

  return { require, info };
}

/** A stream with one replica has no others to hear from. */
export function isSureOfItsLead({ config, cluster }: Pick<StreamInfo, "config" | "cluster">): boolean {
  if (config.num_replicas === 1) return true;
  const heard = (cluster?.replicas ?? []).filter(
    ({ offline, active }) => !offline && active > 0 && active <= heardWithinMs * 1_000_000,
  );
  return 1 + heard.length > config.num_replicas / 2;
}
