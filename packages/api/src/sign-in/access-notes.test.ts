import type { SiteId, SubjectId } from "@releve/domain/ids";
import type { EventLog } from "@releve/ledger/event-log";
import { memoryLog } from "@releve/ledger/memory-log";
import { accessStream } from "@releve/ledger/streams";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { accessNotes } from "./access-notes.ts";

const subject = "00000000-0000-5000-8000-000000000001" as SubjectId;
const site = "site-a" as SiteId;
const signedIn = { type: "SignedIn", subject, roles: ["radiologist"], site } as const;
const refused = {
  type: "AccessRefused",
  subject,
  operation: "nodes.drain",
  site,
  reason: "NOT_ALLOWED",
} as const;

let log: EventLog;
let reached: boolean;
let nowMs: number;
let faults: unknown[];

beforeEach(() => {
  [log, reached, nowMs, faults] = [memoryLog(), true, 1_000, []];
});

function newNotes() {
  const notes = accessNotes({
    log: () => (reached ? log : undefined),
    site,
    clock: { nowMs: () => nowMs },
    onFault: (error) => faults.push(error),
  });
  onTestFinished(notes.close);
  return notes;
}

const written = async () =>
  (await log.read(accessStream(subject))).flatMap(({ events }) =>
    events.map(({ event, context }) => [event.type, context.atMs]),
  );

test("who comes, what is refused and who goes are written in order, also what waited for the ledger", async () => {
  const notes = newNotes();
  reached = false;
  notes.note(signedIn);
  nowMs = 2_000;
  notes.note(refused);
  await notes.flush();
  expect(await written()).toEqual([]);
  reached = true;
  nowMs = 3_000;
  notes.note({ type: "SignedOut", subject, site, reason: "asked" });
  await notes.flush();
  expect(await written()).toEqual([
    ["SignedIn", 1_000],
    ["AccessRefused", 2_000],
    ["SignedOut", 3_000],
  ]);
  expect(faults).toEqual([]);
});

test("the same refusal again is none for ten minutes; at another place it is one", async () => {
  const notes = newNotes();
  for (let time = 0; time < 100; time++) notes.note(refused);
  notes.note({ ...refused, site: "site-b" as SiteId });
  await notes.flush();
  expect(await written()).toHaveLength(2);
  nowMs += 600_000;
  notes.note(refused);
  await notes.flush();
  expect(await written()).toHaveLength(3);
});

test("what has no room is told, not forgotten in silence", async () => {
  const notes = newNotes();
  reached = false;
  for (let time = 0; time < 1_001; time++) notes.note(signedIn);
  expect(faults).toHaveLength(1);
});
