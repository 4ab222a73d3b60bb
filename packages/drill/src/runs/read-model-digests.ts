/** The read models of a ledger, built in different ways: the digests must be the same. */
import { canonicalJson, type Json } from "@releve/domain/canonical-json";
import { digestOf, type Digest } from "@releve/domain/ids";
import type { Commit } from "@releve/ledger/event-log";
import { newEventIndex } from "@releve/ledger/views/event-index";
import { deliveriesOf, jobsOf, studiesOf } from "@releve/server/demo/summary";
import type { ReadModelDigest } from "../invariants/run-evidence.ts";

export function readModelDigests(commits: readonly Commit[]): ReadModelDigest[] {
  return [
    { of: "one replay", digest: viewsDigest(commits) },
    { of: "a second replay", digest: viewsDigest(commits) },
  ];
}

function viewsDigest(commits: readonly Commit[]): Digest {
  const index = newEventIndex();
  for (const commit of commits) index.apply(commit);
  const views = [studiesOf(index), jobsOf(index), deliveriesOf(index)] as unknown as Json;
  return digestOf(canonicalJson(views));
}
