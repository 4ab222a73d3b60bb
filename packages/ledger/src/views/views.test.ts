import type { Uuid } from "@releve/domain/ids";
import { expect, test } from "vitest";
import type { EventEnvelope } from "../envelope.ts";
import type { LedgerEvent } from "../events.ts";
import { deliveryView } from "./delivery-view.ts";
import { jobView } from "./job-view.ts";
import { studyView } from "./study-view.ts";

const history = (...events: readonly object[]): EventEnvelope[] =>
  events.map((event, index) => ({
    eventId: `00000000-0000-4000-8000-00000000000${index}` as Uuid,
    schema: 1,
    context: { atMs: index, site: "site-a", actor: "test" },
    event: event as LedgerEvent,
  }));

const requested = { type: "JobRequested", job: "j", study: "s", application: "mpr", applicationVersion: "1" };
const claimed = (node: string, attempt: number) => ({
  type: "JobClaimed",
  job: "j",
  node,
  site: "site-a",
  attempt,
});

test("a job that moved to another node shows both attempts and the node that finished it", () => {
  const released = { type: "JobReleased", job: "j", node: "a1", attempt: 1, reason: "node-lost" };
  const completed = {
    type: "JobCompleted",
    job: "j",
    node: "b1",
    site: "site-b",
    engine: "gpu.js/webasm",
    computeMs: 9,
    remarks: [],
    outputs: [],
    pictures: [],
  };
  const waiting = jobView(history(requested, claimed("a1", 1), released));
  expect(waiting).toMatchObject({ status: "waiting", reason: "its node was lost" });
  const done = jobView(history(requested, claimed("a1", 1), released, claimed("b1", 2), completed));
  expect(done).toMatchObject({ status: "completed", node: "b1", attempts: 2, endedAtMs: 4 });
  expect(done).not.toHaveProperty("reason");
});

test("a job that was given back because its input is away says so while it waits", () => {
  const away = { type: "JobReleased", job: "j", node: "a1", attempt: 1, reason: "input-away" };
  const waiting = jobView(history(requested, claimed("a1", 1), away));
  expect(waiting).toMatchObject({
    status: "waiting",
    putOff: "input-away",
    reason: "no site that holds its input answers",
  });
  const running = jobView(history(requested, claimed("a1", 1), away, claimed("b1", 2)));
  expect(running).toMatchObject({ status: "running", attempts: 2 });
  expect(running).not.toHaveProperty("putOff");
});

test("a study is receiving again after a late object, with what it had settled to", () => {
  const received = {
    type: "StudyObjectsReceived",
    study: "s",
    studyInstanceUid: "1.2",
    objects: [{ digest: "a".repeat(64) }],
  };
  const settled = { type: "StudySettled", study: "s", revision: 1, series: [{ seriesInstanceUid: "1.2.1" }] };
  const ruled = { type: "StudyRuled", study: "s", revision: 1, decisions: [] };
  expect(studyView(history(received, settled, ruled))).toMatchObject({
    status: "ruled",
    objectCount: 1,
    revision: 1,
  });
  const late = studyView(
    history(received, settled, ruled, { type: "StudyReopened", study: "s", revision: 1 }, received),
  );
  expect(late).toMatchObject({
    status: "receiving",
    objectCount: 2,
    series: [{ seriesInstanceUid: "1.2.1" }],
  });
});

test("a delivery says why it failed and when it is tried again, until it arrives", () => {
  const asked = { type: "DeliveryRequested", delivery: "d", job: "j", study: "s", destination: "pacs" };
  const failed = { type: "DeliveryFailed", delivery: "d", attempt: 1, reason: "no answer", nextAtMs: 77 };
  expect(deliveryView(history(asked, failed))).toMatchObject({
    status: "pending",
    detail: "no answer",
    nextAtMs: 77,
  });
  const arrived = deliveryView(
    history(asked, failed, { type: "Delivered", delivery: "d", attempt: 2, receipt: "ok" }),
  );
  expect(arrived).toMatchObject({ status: "delivered", attempts: 2, detail: "ok" });
  expect(arrived).not.toHaveProperty("nextAtMs");
});

test("what of a study lies at one site only is known object by object, whichever sites hold the copies", () => {
  const digest = (letter: string) => letter.repeat(64);
  const received = (...letters: readonly string[]) => ({
    type: "StudyObjectsReceived",
    study: "s",
    studyInstanceUid: "1.2",
    objects: letters.map((letter) => ({ digest: digest(letter) })),
  });
  const copied = (site: string, ...letters: readonly string[]) => ({
    type: "StudyObjectsReplicated",
    study: "s",
    site,
    digests: letters.map(digest),
  });
  const events = [received("a", "b"), received("c"), copied("site-b", "a"), copied("site-c", "a", "c")];
  const view = studyView(history(...events));
  expect(view).toMatchObject({
    objectCount: 3,
    replicas: { "site-b": 1, "site-c": 2 },
    sole: ["b".repeat(12)],
  });
  const whole = studyView(history(...events, copied("site-b", "b")));
  expect(whole?.sole).toEqual([]);
});
