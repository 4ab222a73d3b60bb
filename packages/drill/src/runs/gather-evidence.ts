/** After a run: the raw ledger, the followers once they have caught up, the stores, the PACS, the read models. */
import type { Clock } from "@releve/domain/clock";
import type { Digest } from "@releve/domain/ids";
import type { Commit } from "@releve/ledger/event-log";
import { effectiveOutputs } from "../invariants/effective-outputs.ts";
import type { Followed, HeldInstance, RunEvidence } from "../invariants/run-evidence.ts";
import type { LoadStudy } from "../load/run-studies.ts";
import { heldByPacs } from "../stage/held-by-pacs.ts";
import type { Stage } from "../stage/stage.ts";
import { storedCopies } from "../stage/stored-copies.ts";
import { apiDigests, replayDigests } from "./read-model-digests.ts";

const catchUpMs = 20_000;

export async function gatherEvidence(
  stage: Stage,
  load: readonly LoadStudy[],
  unfinished: readonly string[],
  clock: Clock,
): Promise<RunEvidence> {
  const { commits, readModels } = await ledgerAndModels(stage, clock);
  const followed = await followersAt(stage, commits, clock);
  const studies = new Set(load.map(({ study }) => study));
  const pacs: HeldInstance[] = [];
  for (const { studyInstanceUid } of load)
    pacs.push(...(await heldByPacs(stage.pacs.orthanc.url, studyInstanceUid)));
  return {
    commits,
    acknowledged: stage.acknowledged,
    accepted: stage.accepted,
    followed,
    studies,
    pacs,
    stored: await storedCopies(stage.cluster.sites, namedDigests(commits, studies)),
    unfinished,
    readModels,
  };
}

/** A ledger that grew while the APIs were looked at says nothing about them: then once more. */
const readingsMax = 5;

async function ledgerAndModels(
  { log, cluster }: Stage,
  clock: Clock,
): Promise<Pick<RunEvidence, "commits" | "readModels">> {
  const commits: Commit[] = [];
  for (let reading = 1; ; reading++) {
    for await (const commit of log.readAll(commits.at(-1)?.position)) commits.push(commit);
    const last = commits.at(-1)?.position;
    const ofApis = await apiDigests(cluster.sites, last, clock);
    const grown = [];
    for await (const commit of log.readAll(last)) grown.push(commit);
    if (grown.length === 0 || reading === readingsMax)
      return { commits, readModels: [...replayDigests(commits, log.epoch), ...ofApis] };
  }
}

/** Every follower gets a limited time to hear of the last commit; then what it has heard counts. */
async function followersAt(
  { followers }: Stage,
  commits: readonly Commit[],
  clock: Clock,
): Promise<Followed[]> {
  const last = commits.at(-1)?.position;
  if (last === undefined) return [];
  const untilMs = clock.nowMs() + catchUpMs;
  const behind = () => followers.some((follower) => (follower.last() ?? 0) < last);
  while (behind() && clock.nowMs() < untilMs) await clock.wait(20);
  return followers.map((follower) => {
    const { site, seen } = follower.followed();
    return { site, seen: seen.filter(({ position }) => position <= last) };
  });
}

function namedDigests(commits: readonly Commit[], studies: ReadonlySet<string>): Digest[] {
  const received = commits.flatMap(({ events }) =>
    events.flatMap(({ event }) =>
      event.type === "StudyObjectsReceived" && studies.has(event.study) ? event.objects : [],
    ),
  );
  const results = effectiveOutputs(commits).filter(({ study }) => studies.has(study));
  return [...received, ...results.flatMap(({ outputs }) => outputs)].map(({ digest }) => digest);
}
