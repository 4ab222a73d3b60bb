/** One who follows the ledger at one site's server for as long as the cluster runs, and keeps what it was told. */
import type { Commit, EventLog, Position } from "@releve/ledger/event-log";
import type { Followed, SeenCommit } from "../invariants/run-evidence.ts";

export type Follower = {
  readonly followed: () => Followed;
  readonly last: () => Position | undefined;
  /** Rejects when the subscription ends with an error; the drill then has a violation. */
  readonly following: Promise<void>;
  readonly stop: () => Promise<void>;
};

export function follow(site: string, log: EventLog, onCommit: (commit: Commit) => void): Follower {
  const seen: SeenCommit[] = [];
  const subscription = log.subscribe();
  const following = (async () => {
    for await (const commit of subscription) {
      seen.push({ position: commit.position, eventIds: commit.events.map(({ eventId }) => eventId) });
      onCommit(commit);
    }
  })();
  following.catch(() => {}); // whoever needs the end awaits it
  return {
    followed: () => ({ site, seen }),
    last: () => seen.at(-1)?.position,
    following,
    stop: async () => {
      subscription.stop();
      await log.close();
    },
  };
}
