/**
 * The commits that this process appended last, by their first event's id. The server knows an event id within its stream only:
 * it would store an id that another stream used, and one that is told again with a later expected version. Neither loses
 * anything, but both are their writer's bug or its second try, and the other engines answer them; so does this one, for the
 * last `commitsMax` commits of this process.
 */
import type { AppendOutcome } from "../event-log.ts";
import { LedgerFault } from "../faults.ts";

export const commitsMax = 10_000;

type Appended = Extract<AppendOutcome, { appended: true }>;

export type RecentCommits = {
  /** The outcome of the same commit before. @throws LedgerFault LEDGER_EVENT_ID_REUSED when it was another stream's. */
  readonly earlier: (name: string, firstEventId: string) => Appended | undefined;
  readonly remember: (name: string, firstEventId: string, outcome: Appended) => void;
};

export function recentCommits(): RecentCommits {
  const commits = new Map<string, { readonly name: string; readonly outcome: Appended }>();
  return {
    earlier: (name, firstEventId) => {
      const known = commits.get(firstEventId);
      if (!known || known.name === name) return known?.outcome;
      const message = `The first event id of a commit to ${name} was used in another stream before.`;
      throw new LedgerFault("LEDGER_EVENT_ID_REUSED", message);
    },
    remember: (name, firstEventId, outcome) => {
      commits.set(firstEventId, { name, outcome });
      for (const oldest of commits.keys()) {
        if (commits.size <= commitsMax) break;
        commits.delete(oldest);
      }
    },
  };
}
