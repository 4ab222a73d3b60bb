import { deliveryIdOf, type JobId, type SiteId, type StudyId } from "@releve/domain/ids";
import type { LedgerEvent } from "@releve/ledger/events";
import { expect, test } from "vitest";
import { dueActions, type FlowPolicy } from "./due-actions.ts";
import { newWork, seenAtMs } from "./work.ts";

const study = "10000000-0000-5000-8000-000000000001" as StudyId;
const job = "20000000-0000-5000-8000-000000000001" as JobId;
const delivery = deliveryIdOf(job, "pacs");
const policy: FlowPolicy = {
  site: "site-a",
  settle: { silenceMs: 1_000, limitMs: 60_000 },
  destinations: ["pacs"],
};

const nobody: ReadonlyMap<string, number> = new Map();
const dueAt = (work: ReturnType<typeof after>, nowMs: number, lost = nobody, by = policy) =>
  dueActions(work, by, nowMs, lost);

/** The history as site-a saw it live, at the times that its writers' clocks say. */
function after(
  ...history: readonly { readonly atMs: number; readonly site?: string; readonly event: LedgerEvent }[]
) {
  const { work, apply } = newWork();
  for (const { atMs, site = "site-a", event } of history) {
    apply({ eventId: study, schema: 1, context: { atMs, site, actor: "test" }, event }, atMs);
  }
  return work;
}

const received: LedgerEvent = { type: "StudyObjectsReceived", study, studyInstanceUid: "1.2.3", objects: [] };
const requestedJob = { type: "JobRequested", job, study, inputSite: "site-a" as SiteId } as LedgerEvent;
const completedJob = { type: "JobCompleted", job } as LedgerEvent;
const requestedDelivery = {
  type: "DeliveryRequested",
  delivery,
  job,
  destination: "pacs",
  site: "site-a",
} as LedgerEvent;

test("an open study settles after its silence, and not before", () => {
  const work = after({ atMs: 5_000, event: received });
  expect(dueAt(work, 5_999)).toEqual({ actions: [], nextAtMs: 6_000 });
  expect(dueAt(work, 6_000).actions).toEqual([{ kind: "settle", study }]);
});

test("a study that another site received is left to that site", () => {
  const work = after({ atMs: 0, site: "site-b", event: received });
  expect(dueAt(work, 20_000).actions).toEqual([]);
});

test("a study of a lost site is settled here, its jobs' deliveries are asked for and sent here, once it is lost", () => {
  const lost: ReadonlyMap<string, number> = new Map([["site-b", 8_000]]);
  const joined = (site: string) => ({
    atMs: 0,
    event: { type: "SiteJoined", site, mode: "member", safety: "safe-2" } as LedgerEvent,
  });
  const sites = [joined("site-a"), joined("site-b")];
  const theirs = { atMs: 0, site: "site-b", event: received };
  expect(dueAt(after(...sites, theirs), 7_999, lost)).toEqual({ actions: [], nextAtMs: 8_000 });
  const forB = [{ kind: "settle", study, home: "site-b" }];
  expect(dueAt(after(...sites, theirs), 8_000, lost).actions).toEqual(forB);

  const job = { atMs: 0, event: { ...requestedJob, inputSite: "site-b" } as LedgerEvent };
  const asked = { atMs: 2, event: { ...requestedDelivery, site: "site-b" } as LedgerEvent };
  const done = after(...sites, job, { atMs: 1, event: completedJob }, asked);
  expect(dueAt(done, 9_000).actions).toEqual([]);
  expect(dueAt(done, 9_000, lost).actions).toEqual([{ kind: "send", delivery, destination: "pacs" }]);
  const both = { ...policy, destinations: ["pacs", "our-own-pacs"] };
  expect(dueAt(done, 9_000, lost, both).actions, "no PACS that their site does not use").toEqual([
    { kind: "send", delivery, destination: "pacs" },
  ]);
});

test("a site that beats but lets a study lie is helped after a minute, and never in sending", () => {
  const joined = { atMs: 0, event: { type: "SiteJoined", site: "site-a" } as LedgerEvent };
  const theirs = { atMs: 0, site: "site-b", event: received };
  const forB = [{ kind: "settle", study, home: "site-b" }];
  expect(dueAt(after(joined, theirs), 61_000).actions).toEqual(forB);
  const asked = { atMs: 0, event: { ...requestedDelivery, site: "site-b" } as LedgerEvent };
  expect(dueAt(after(joined, asked), 9_000_000)).toEqual({ actions: [], nextAtMs: undefined });
});

test("another machine's clock counts for nothing", () => {
  const hourMs = 3_600_000;
  const event = { context: { atMs: 10 * hourMs, site: "site-b", actor: "test" } };
  expect(seenAtMs(event, "live", "site-a", hourMs)).toBe(hourMs);
  expect(seenAtMs(event, "past", "site-a", hourMs)).toBe(hourMs);
  expect(seenAtMs(event, "past", "site-b", hourMs), "our own clock was set back").toBe(hourMs);
  expect(seenAtMs(event, "past", "site-b", 11 * hourMs)).toBe(10 * hourMs);
});

test("a back-off is a difference of the clock that wrote it", () => {
  const { work, apply } = newWork();
  const context = { atMs: 7_200_000, site: "site-b", actor: "test" };
  const failed = { type: "DeliveryFailed", delivery, attempt: 1, code: "", reason: "", nextAtMs: 7_204_000 };
  apply({ eventId: study, schema: 1, context, event: requestedDelivery }, 100);
  apply({ eventId: study, schema: 1, context, event: failed as LedgerEvent }, 100);
  expect(dueAt(work, 4_099)).toEqual({ actions: [], nextAtMs: 4_100 });
});

test("a settled study is ruled at once, a ruled one needs nothing, a late object opens it again", () => {
  const settled = {
    atMs: 2_000,
    event: { type: "StudySettled", study, revision: 1, series: [] } as LedgerEvent,
  };
  const ruled = {
    atMs: 2_100,
    event: { type: "StudyRuled", study, revision: 1, decisions: [] } as LedgerEvent,
  };
  const first = { atMs: 0, event: received };
  expect(dueAt(after(first, settled), 2_000).actions).toEqual([{ kind: "rule", study }]);
  expect(dueAt(after(first, settled, ruled), 9_000).actions).toEqual([]);
  const late = { atMs: 70_000, event: received };
  expect(dueAt(after(first, settled, ruled, late), 70_500)).toEqual({
    actions: [],
    nextAtMs: 71_000,
  });
});

test("a completed job asks for a delivery per destination, once", () => {
  const done = [
    { atMs: 0, event: requestedJob },
    { atMs: 1, event: completedJob },
  ];
  expect(dueAt(after(...done), 2).actions).toEqual([{ kind: "request-delivery", job, destination: "pacs" }]);
  const asked = after(...done, { atMs: 2, event: requestedDelivery });
  expect(dueAt(asked, 3).actions).toEqual([{ kind: "send", delivery, destination: "pacs" }]);
});

test("a completed job whose completion counts no more asks for no delivery", () => {
  const superseded: LedgerEvent = { type: "JobSuperseded", job, by: job, bySite: "site-0" as SiteId };
  const history = [requestedJob, completedJob, superseded].map((event, atMs) => ({ atMs, event }));
  expect(dueAt(after(...history), 3).actions).toEqual([]);
});

test("a failed delivery waits for its back-off; a delivered one is no work", () => {
  const failed = {
    type: "DeliveryFailed",
    delivery,
    attempt: 1,
    code: "PACS_UNREACHABLE",
    reason: "",
    nextAtMs: 4_000,
  } as LedgerEvent;
  const work = after({ atMs: 0, event: requestedDelivery }, { atMs: 1, event: failed });
  expect(dueAt(work, 3_999)).toEqual({ actions: [], nextAtMs: 4_000 });
  expect(dueAt(work, 4_000).actions).toEqual([{ kind: "send", delivery, destination: "pacs" }]);
  const done = after(
    { atMs: 0, event: requestedDelivery },
    { atMs: 1, event: { type: "Delivered", delivery, attempt: 1, receipt: "" } },
  );
  expect(dueAt(done, 9_000)).toEqual({ actions: [], nextAtMs: undefined });
});
