/** At the end: what the product's own folds make of the log is what the judge made of it, commit by commit. */
import { jobDecider } from "@releve/ledger/deciders/job";
import { deliveryDecider } from "@releve/ledger/deciders/delivery";
import { decodeCommit } from "@releve/ledger/event-codec";
import type { Commit, Position, Version } from "@releve/ledger/event-log";
import { fold } from "@releve/ledger/fold";
import { streamOfSubject } from "@releve/ledger/streams";
import { openJobs } from "@releve/recon/open-jobs";
import type { StoredEntry } from "../stream/replica-disk.ts";
import type { Oracle } from "./oracle.ts";

export function checkFolds(oracle: Oracle, entries: readonly StoredEntry[]): void {
  const commits = entries.map(commitOf);
  const byStream = Map.groupBy(commits, ({ stream }) => `${stream.kind} ${stream.id}`);
  for (const [id, { status }] of oracle.jobs) {
    const { state } = fold(jobDecider, byStream.get(`job ${id}`) ?? []);
    if (state.status !== status) oracle.violated(`job ${id} folds to ${state.status}, it is ${status}`);
  }
  for (const [id, { status }] of oracle.deliveries) {
    const { state } = fold(deliveryDecider, byStream.get(`delivery ${id}`) ?? []);
    if (state.status !== status) oracle.violated(`delivery ${id} folds to ${state.status}, it is ${status}`);
  }
  checkOpenJobs(oracle, commits);
}

/** A node that sees the log from its beginning believes the same jobs to be open. */
function checkOpenJobs(oracle: Oracle, commits: readonly Commit[]): void {
  const { all, apply } = openJobs();
  for (const commit of commits) apply(commit);
  for (const [id, { status }] of oracle.jobs) {
    const expected = status === "waiting" || status === "claimed" ? status : undefined;
    const believed = all.get(id as never)?.status;
    if (believed !== expected) oracle.violated(`a node takes job ${id} for ${believed}, it is ${status}`);
  }
}

function commitOf({ seq, message }: StoredEntry): Commit {
  const { subject, data } = message!;
  return {
    stream: streamOfSubject(subject)!,
    version: seq as Version,
    position: seq as Position,
    ...decodeCommit(data),
  };
}
