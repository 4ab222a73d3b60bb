import { deliveryIdOf, type JobId, type SiteId, type StudyId } from "@releve/domain/ids";
import type { LedgerEvent } from "@releve/ledger/events";
import { expect, test } from "vitest";
import { dueActions, type FlowPolicy } from "./due-actions.ts";
import { newWork } from "./work.ts";

const study = "10000000-0000-5000-8000-000000000001" as StudyId;
const job = "20000000-0000-5000-8000-000000000001" as JobId;
const delivery = deliveryIdOf(job, "pacs");
const policy: FlowPolicy = {
  site: "site-a",
  settle: { silenceMs: 1_000, limitMs: 60_000 },
  destinations: ["pacs"],
};

function after(
  ...history: readonly { readonly atMs: number; readonly site?: string; readonly event: LedgerEvent }[]
) {
  const { work, apply } = newWork();
  for (const { atMs, site = "site-a", event } of history) {
    apply({ eventId: study, schema: 1, context: { atMs, site, actor: "test" }, event });
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
  expect(dueActions(work, policy, 5_999)).toEqual({ actions: [], nextAtMs: 6_000 });
  expect(dueActions(work, policy, 6_000).actions).toEqual([{ kind: "settle", study }]);
});

test("a study that another site received is left to that site", () => {
  const work = after({ atMs: 0, site: "site-b", event: received });
  expect(dueActions(work, policy, 99_000)).toEqual({ actions: [], nextAtMs: undefined });
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
  expect(dueActions(after(first, settled), policy, 2_000).actions).toEqual([{ kind: "rule", study }]);
  expect(dueActions(after(first, settled, ruled), policy, 9_000).actions).toEqual([]);
  const late = { atMs: 70_000, event: received };
  expect(dueActions(after(first, settled, ruled, late), policy, 70_500)).toEqual({
    actions: [],
    nextAtMs: 71_000,
  });
});

test("a completed job asks for a delivery per destination, once", () => {
  const done = [
    { atMs: 0, event: requestedJob },
    { atMs: 1, event: completedJob },
  ];
  expect(dueActions(after(...done), policy, 2).actions).toEqual([
    { kind: "request-delivery", job, destination: "pacs" },
  ]);
  const asked = after(...done, { atMs: 2, event: requestedDelivery });
  expect(dueActions(asked, policy, 3).actions).toEqual([{ kind: "send", delivery }]);
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
  expect(dueActions(work, policy, 3_999)).toEqual({ actions: [], nextAtMs: 4_000 });
  expect(dueActions(work, policy, 4_000).actions).toEqual([{ kind: "send", delivery }]);
  const done = after(
    { atMs: 0, event: requestedDelivery },
    { atMs: 1, event: { type: "Delivered", delivery, attempt: 1, receipt: "" } },
  );
  expect(dueActions(done, policy, 9_000)).toEqual({ actions: [], nextAtMs: undefined });
});
