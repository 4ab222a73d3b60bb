import { digestOf, type Digest, type Uuid } from "@releve/domain/ids";
import type { Commit } from "@releve/ledger/event-log";
import { expect, test } from "vitest";
import { violationsOf, type Violation } from "./invariants.ts";
import {
  claim,
  commitAt,
  completion,
  evidenceOf,
  goodEvidence as good,
  jobCommitAt,
  jobEvent,
  objectOf,
  output,
  received,
  study,
} from "./run-evidence.fixture.ts";
import type { RunEvidence, StoredCopy } from "./run-evidence.ts";

const commits = good.commits;
const without = (position: number): Commit[] => commits.filter((commit) => commit.position !== position);
const replacedBy = (...last: readonly Commit[]): RunEvidence => evidenceOf([...commits.slice(0, 6), ...last]);
const withStored = (digest: Digest, copies: readonly StoredCopy[]): RunEvidence => ({
  ...good,
  stored: new Map([...good.stored, [digest, copies]]),
});
const otherCopy = (name: string): StoredCopy => {
  const digest = digestOf(name);
  return { site: "site-b", bytes: digest, dataSet: digest };
};

test("a good run violates nothing", () => {
  expect(violationsOf(good)).toEqual([]);
});

const planted: readonly [Violation["invariant"], string, RunEvidence][] = [
  ["acknowledged-lost", "an acknowledged event that is not there", evidenceOf(without(2))],
  [
    "acknowledged-lost",
    "an acknowledged event under another version",
    evidenceOf(
      commits.map((commit) => (commit.position === 2 ? { ...commit, version: commits[5]!.version } : commit)),
    ),
  ],
  [
    "acknowledged-lost",
    "a follower that was told of a commit that is gone",
    { ...good, commits: without(5), followed: good.followed },
  ],
  [
    "acknowledged-lost",
    "a follower that was not told of a commit",
    { ...good, followed: [{ site: "site-c", seen: good.followed[0]!.seen.slice(0, -1) }] },
  ],
  [
    "acknowledged-lost",
    "a follower that was told of other events at a position",
    {
      ...good,
      followed: [{ site: "site-c", seen: [{ position: commits[0]!.position, eventIds: ["other" as Uuid] }] }],
    },
  ],
  [
    "acknowledged-twice",
    "an event that is there twice",
    evidenceOf([
      ...commits,
      { ...commits[1]!, version: 8 as Commit["version"], position: 8 as Commit["position"] },
    ]),
  ],
  ["accepted-objects", "an accepted object that the ledger does not know", evidenceOf(without(1))],
  [
    "accepted-objects",
    "an accepted object that the ledger knows twice",
    evidenceOf([
      ...commits,
      commitAt(8, commits[0]!.stream, { type: "StudyObjectsReceived", study, objects: received }),
    ]),
  ],
  ["accepted-objects", "an accepted object that no store holds", withStored(received[0]!.digest, [])],
  [
    "accepted-objects",
    "an accepted object of which other bytes are held",
    withStored(received[0]!.digest, [otherCopy("x")]),
  ],
  ["one-ending", "a job without an end", evidenceOf(without(7))],
  ["one-ending", "what had not ended in time", { ...good, unfinished: ["1 deliveries have not arrived"] }],
  [
    "one-ending",
    "a job that was completed twice",
    evidenceOf([...commits, jobCommitAt(8, completion("b1", 6))]),
  ],
  [
    "one-ending",
    "a job that was completed and dead-lettered",
    evidenceOf([...commits, jobCommitAt(8, jobEvent({ type: "JobDeadLettered", code: "X", reason: "x" }))]),
  ],
  [
    "one-ending",
    "a job that was claimed after its end",
    evidenceOf([...commits, jobCommitAt(8, claim("c1", 3))]),
  ],
  [
    "stale-completion",
    "a completion with the token of an older claim",
    replacedBy(jobCommitAt(7, completion("a1", 4))),
  ],
  [
    "stale-completion",
    "a completion after the job was released",
    replacedBy(
      jobCommitAt(7, jobEvent({ type: "JobReleased", node: "b1", attempt: 2, reason: "node-lost" })),
      jobCommitAt(8, completion("b1", 6)),
    ),
  ],
  [
    "stale-completion",
    "a completion by another node than the claimant",
    replacedBy(jobCommitAt(7, completion("a1", 6))),
  ],
  [
    "stale-completion",
    "a completion under another epoch",
    replacedBy(jobCommitAt(7, jobEvent({ ...completion("b1", 6), token: { epoch: 2, version: 6 } }))),
  ],
  ["pacs-holds", "a result that the PACS lacks", { ...good, pacs: [] }],
  ["pacs-holds", "a result that the PACS holds twice", { ...good, pacs: [...good.pacs, ...good.pacs] }],
  [
    "pacs-holds",
    "a result with another data set",
    { ...good, pacs: [{ ...good.pacs[0]!, dataSet: digestOf("x") }] },
  ],
  [
    "pacs-holds",
    "an object in the PACS that no completion names",
    { ...good, pacs: [...good.pacs, { ...good.pacs[0]!, sopInstanceUid: "1.2.99" }] },
  ],
  ["pacs-holds", "a recorded result that no store holds", withStored(output.digest, [])],
  [
    "one-object-per-uid",
    "two effective results under one UID",
    replacedBy(
      jobCommitAt(
        7,
        completion("b1", 6, [output, { ...objectOf("other"), sopInstanceUid: output.sopInstanceUid }]),
      ),
    ),
  ],
  [
    "one-object-per-uid",
    "a copy with other bytes than its name says",
    withStored(output.digest, [otherCopy("x")]),
  ],
  [
    "one-object-per-uid",
    "two different objects in the PACS under one UID",
    { ...good, pacs: [...good.pacs, { ...good.pacs[0]!, dataSet: digestOf("x"), study }] },
  ],
  [
    "replay",
    "read models that differ",
    { ...good, readModels: [...good.readModels, { of: "three", digest: digestOf("x") }] },
  ],
  ["replay", "no read model at all", { ...good, readModels: [] }],
];

test.each(planted)("%s finds %s", (invariant, _, evidence) => {
  expect(violationsOf(evidence).map((violation) => violation.invariant)).toContain(invariant);
});

test("a job that a person asked for again may end again; a superseded completion does not count", () => {
  const dead = jobEvent({ type: "JobDeadLettered", code: "X", reason: "x" });
  const again = evidenceOf([
    ...commits.slice(0, 6),
    jobCommitAt(7, dead),
    jobCommitAt(8, jobEvent({ type: "JobRetried", reason: "asked" })),
    jobCommitAt(9, claim("c1", 1)),
    jobCommitAt(10, completion("c1", 9)),
  ]);
  expect(violationsOf(again)).toEqual([]);
  const superseded = evidenceOf([
    ...commits,
    jobCommitAt(8, jobEvent({ type: "JobSuperseded", by: "x", bySite: null })),
  ]);
  expect(violationsOf({ ...superseded, pacs: [] })).toEqual([]);
});
