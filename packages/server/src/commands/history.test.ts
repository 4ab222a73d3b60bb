import { studyIdOf } from "@releve/domain/ids";
import type { IndexedEvent } from "@releve/ledger/views/event-index";
import { expect, test } from "vitest";
import { wantedEvents } from "./history.ts";

const study = studyIdOf("1.2.3");
const about = (atMs: number, event: object) =>
  ({ context: { atMs, site: "site-a", actor: "test" }, event }) as IndexedEvent;
const received = about(1_000, { type: "StudyReopened", study, revision: 1 });
const claimed = about(2_000, { type: "JobClaimed", job: "12345678-0000-5000-8000-000000000000" });

const kept = (args: Parameters<typeof wantedEvents>[0]) =>
  [received, claimed].filter(wantedEvents(args)).map(({ event }) => event.type);

test("without a wish every event is shown", () => {
  expect(kept({})).toEqual(["StudyReopened", "JobClaimed"]);
});

test("a study is found by its id, the start of it, or its Study Instance UID", () => {
  for (const name of [study, study.slice(0, 8), "1.2.3"])
    expect(kept({ study: name })).toEqual(["StudyReopened"]);
});

test("a job is found by the start of its id, and time cuts what came before", () => {
  expect(kept({ job: "12345678" })).toEqual(["JobClaimed"]);
  expect(kept({ since: "1970-01-01T00:00:01.500Z" })).toEqual(["JobClaimed"]);
});

test("a moment that is none is refused with an example", () => {
  expect(() => wantedEvents({ since: "yesterday" })).toThrow("2026-01-31T08:00Z");
});
