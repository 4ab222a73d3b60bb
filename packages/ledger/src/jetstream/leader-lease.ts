/**
 * Whether the server that answers as the stream's leader still leads it. A leader that is cut off from the others goes on
 * answering for up to 20 s, while they elect a new one after 4 s at the earliest (constants of the server's Raft). So its
 * word counts only while it has heard from a majority shortly before. A leader that a follower left for another one without
 * a time-out (it hears both, they do not hear each other) learns of it at its next heartbeat, within a second: a read may
 * then miss what was written in that second, and an append that decides on it is refused by the version it expects.
 */
import type { JetStreamManager, StreamInfo } from "@nats-io/jetstream";
import { errors } from "@nats-io/nats-core";

/** Together below the 4 s in which no other leader can be elected. */
const heardWithinMs = 1_800;
const leaseMs = 1_700;

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
  monotonicMs: () => number = () => performance.now(),
): LeaderLease {
  let untilMs = stream.replicas === 1 ? Infinity : 0;
  let asking: Promise<StreamInfo> | undefined;

  const info = async (): Promise<StreamInfo> => {
    const askedMs = monotonicMs();
    const answer = await manager.streams.info(stream.name);
    if (!isSureOfItsLead(answer)) throw new errors.TimeoutError();
    untilMs = Math.max(untilMs, askedMs + leaseMs);
    return answer;
  };

  const require = async (): Promise<void> => {
    if (monotonicMs() < untilMs) return;
    asking ??= info().finally(() => {
      asking = undefined;
    });
    await asking;
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
