import { digestOf, studyIdOf, type JobId, type SiteId } from "@releve/domain/ids";
import type { LedgerEvent } from "@releve/ledger/events";
import type { StoredObject } from "@releve/ledger/events/stored-object";
import { expect, test } from "vitest";
import { newLacking } from "./lacking.ts";

const study = studyIdOf("1.2.3");
const job = "20000000-0000-5000-8000-000000000001" as JobId;
const object = (name: string) => ({ digest: digestOf(name) }) as StoredObject;
const siteId = (name: string) => name as SiteId;

const joined = (site: string, safety: "local" | "safe-2") =>
  ({ type: "SiteJoined", site, mode: "member", safety }) as LedgerEvent;
const received = (...names: string[]) =>
  ({
    type: "StudyObjectsReceived",
    study,
    studyInstanceUid: "1.2.3",
    objects: names.map(object),
  }) as LedgerEvent;
const copied = (site: string, ...names: string[]) =>
  ({
    type: "StudyObjectsReplicated",
    study,
    site: siteId(site),
    digests: names.map(digestOf),
  }) as LedgerEvent;
const requested = { type: "JobRequested", job, study } as LedgerEvent;
const completed = (site: string) =>
  ({
    type: "JobCompleted",
    job,
    site: siteId(site),
    outputs: [object("result")],
    pictures: [{ digest: digestOf("picture") }],
  }) as unknown as LedgerEvent;

function folded(
  events: readonly (readonly [site: string, LedgerEvent])[],
  ...how: Parameters<typeof newLacking>
) {
  const lacking = newLacking(...how);
  for (const [site, event] of events)
    lacking.apply({ eventId: study, schema: 1, context: { atMs: 0, site, actor: "test" }, event }, 7);
  return lacking;
}
const soleOf = (lacking: ReturnType<typeof newLacking>) => [
  ...(lacking.studies.get(study)?.sole.keys() ?? []),
];

const safe = [
  ["a", joined("a", "safe-2")],
  ["b", joined("b", "safe-2")],
] as const;

test("an object lies at one site only until another says that it holds it", () => {
  const once = folded([...safe, ["a", received("1", "2")], ["b", copied("b", "1")]]);
  expect(soleOf(once)).toEqual([digestOf("2")]);
  expect(
    soleOf(folded([...safe, ["a", received("1")], ["a", copied("a", "1")]])),
    "its own word",
  ).toHaveLength(1);
  const all = folded([...safe, ["a", received("1", "2")], ["b", copied("b", "1", "2")]]);
  expect(all.studies.size).toBe(0);
});

test("results and pictures count with the site that computed them", () => {
  const lacking = folded([...safe, ["a", received("1")], ["a", requested], ["b", completed("b")]]);
  expect(
    [...lacking.studies.get(study)!.sole.values()].map(({ holder, derived }) => `${holder} ${derived}`),
  ).toEqual(["a false", "b true", "b true"]);
});

test("an annotation's body counts with the site that wrote it", () => {
  const session = "30000000-0000-5000-8000-000000000001";
  const opened = { type: "SessionOpened", session, study } as LedgerEvent;
  const annotated = { type: "SessionAnnotated", session, body: digestOf("body") } as LedgerEvent;
  const removed = { type: "SessionAnnotated", session, body: null } as LedgerEvent;
  const lacking = folded([...safe, ["b", opened], ["b", annotated], ["b", removed]]);
  expect([...lacking.studies.get(study)!.sole]).toEqual([[digestOf("body"), { holder: "b", derived: true }]]);
});

test("a site whose policy is local asks for no copies, until its policy changes: then the fold is out of date", () => {
  const local = [
    ["a", joined("a", "local")],
    ["a", received("1")],
  ] as const;
  const before = folded(local);
  expect([before.studies.size, before.outOfDate()]).toEqual([0, false]);
  const changed = folded([...local, ["a", joined("a", "safe-2")]]);
  expect(changed.outOfDate()).toBe(true);
  const anew = folded([...local, ["a", joined("a", "safe-2")]], changed.policies);
  expect([soleOf(anew).length, anew.outOfDate()]).toEqual([1, false]);
});

test("beyond the limit a study is remembered as left out, and taken in when it is read again", () => {
  const events = [...safe, ["a", received("1", "2", "3")]] as const;
  const lacking = folded(events, new Map(), 2);
  expect([soleOf(lacking).length, [...lacking.leftOut], lacking.hasRoom()]).toEqual([2, [study], false]);
  lacking.held(study, "b", [digestOf("1"), digestOf("2")]);
  expect(lacking.hasRoom()).toBe(true);
  lacking.takeLeftOut(study);
  for (const [site, event] of [
    ["a", received("1", "2", "3")],
    ["b", copied("b", "1", "2")],
  ] as const)
    lacking.apply({ eventId: study, schema: 1, context: { atMs: 0, site, actor: "test" }, event }, 7);
  expect(lacking.leftOut.size, "three at once are one too many again").toBe(1);
});
