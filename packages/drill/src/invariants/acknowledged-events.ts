/** Acknowledged events: none lost, none duplicated, and no follower was told anything that the ledger does not hold. */
import type { Commit } from "@releve/ledger/event-log";
import type { Followed, Invariant, SeenCommit } from "./run-evidence.ts";

export const nothingAcknowledgedIsLost: Invariant = ({ commits, acknowledged, followed }) => {
  const there = new Set(commits.flatMap((commit) => commit.events.map((event) => keyOf(commit, event))));
  const lost = acknowledged
    .filter(({ stream, version, eventId }) => !there.has(`${stream.kind} ${stream.id} ${version} ${eventId}`))
    .map(
      ({ stream, version, eventId }) =>
        `acknowledged event ${eventId} is not in ${stream.kind} ${stream.id} at ${version}`,
    );
  return [...lost, ...followed.flatMap((follower) => misled(commits, follower))];
};

const keyOf = ({ stream, version }: Commit, { eventId }: { readonly eventId: string }) =>
  `${stream.kind} ${stream.id} ${version} ${eventId}`;

export const nothingIsTwice: Invariant = ({ commits }) => {
  const seen = new Set<string>();
  const twice: string[] = [];
  for (const { stream, events } of commits) {
    for (const { eventId } of events) {
      if (seen.has(eventId))
        twice.push(`event ${eventId} is twice in the ledger, again in ${stream.kind} ${stream.id}`);
      seen.add(eventId);
    }
  }
  return twice;
};

/** Followers see whole commits in the ledger's order, from where they began, each once. */
function misled(commits: readonly Commit[], { site, seen }: Followed): string[] {
  const first = seen[0];
  if (!first) return [];
  const recorded = commits.filter(({ position }) => position >= first.position);
  const wrong = seen.findIndex((commit, index) => !sameCommit(recorded[index], commit));
  if (wrong >= 0)
    return [
      `the follower at ${site} was told of position ${seen[wrong]!.position}, where the ledger has ${recorded[wrong]?.position ?? "nothing"} or other events`,
    ];
  const missing = recorded.length - seen.length;
  return missing > 0 ? [`the follower at ${site} was not told of ${missing} commits`] : [];
}

const sameCommit = (recorded: Commit | undefined, seen: SeenCommit): boolean =>
  recorded?.position === seen.position &&
  recorded.events.map(({ eventId }) => eventId).join() === seen.eventIds.join();
