import type { JobId, Uuid } from "@releve/domain/ids";
import { expect, test } from "vitest";
import type { Commit, Position, Version } from "../event-log.ts";
import type { JobEvent } from "../events/job.ts";
import { newLoadMeter } from "./load-meter.ts";

const context = { atMs: 0, site: "site-a", actor: "test" };
const commit = (job: number, ...types: JobEvent["type"][]): Commit => ({
  stream: { kind: "job", id: `job-${job}` as Uuid },
  version: 1 as Version,
  position: 1 as Position,
  events: types.map((type) => ({
    eventId: "event" as Uuid,
    context,
    schema: 1,
    event: { type, job: `job-${job}` as JobId } as JobEvent,
  })),
});

test("jobs wait, run and end; the rate is that of the ends which freed a slot", () => {
  const meter = newLoadMeter();
  for (const job of [1, 2, 3, 4, 5, 6]) meter.apply(commit(job, "JobRequested"), 0);
  for (const job of [1, 2, 3, 4]) meter.apply(commit(job, "JobClaimed"), 0);
  expect(meter.read(0)).toEqual({ waiting: 2, running: 4, msPerJob: null });
  meter.apply(commit(5, "JobCancelled"), 1_000);
  meter.apply(commit(1, "JobCompleted"), 2_000);
  meter.apply(commit(2, "JobAttemptFailed", "JobDeadLettered"), 4_000);
  meter.apply(commit(3, "JobReleased"), 5_000);
  expect(meter.read(6_000)).toEqual({ waiting: 2, running: 1, msPerJob: null });
  meter.apply(commit(4, "JobCompleted"), 8_000);
  expect(meter.read(8_000)).toEqual({ waiting: 2, running: 0, msPerJob: 2_000 });
  expect(meter.read(11_000)).toMatchObject({ msPerJob: 3_000 });
  expect(meter.read(1_000_000)).toMatchObject({ msPerJob: null });
});

test("history says what is open and nothing of the rate; other streams say nothing", () => {
  const meter = newLoadMeter();
  for (const job of [1, 2, 3]) meter.apply(commit(job, "JobRequested"));
  for (const job of [1, 2, 3]) meter.apply(commit(job, "JobClaimed"));
  for (const job of [1, 2]) meter.apply(commit(job, "JobCompleted"));
  meter.apply({ ...commit(9, "JobRequested"), stream: { kind: "study", id: "job-9" as Uuid } });
  expect(meter.read(0)).toEqual({ waiting: 0, running: 1, msPerJob: null });
});
