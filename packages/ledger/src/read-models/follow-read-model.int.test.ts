import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startNats, type TestNats } from "@releve/testkit/nats/nats-server";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { EventLog } from "../event-log.ts";
import { jobId, newEvent, take } from "../event-log.contract.ts";
import { openJetStreamLog } from "../jetstream/jetstream-log.ts";
import { watchLedgerHealth, type LedgerHealthWatch } from "../jetstream/ledger-health.ts";
import { jobStream } from "../streams.ts";
import { catchUpReadModel, followReadModel } from "./follow-read-model.ts";
import { appendHospitalDays } from "./hospital-days.fixture.ts";
import { openReadModel, type ReadModel } from "./open-read-model.ts";

const patient = { timeout: 60_000, interval: 50 };

let dir: string;
let nats: TestNats;
let log: EventLog;
let model: ReadModel;
let health: LedgerHealthWatch;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "releve-model-"));
  nats = await startNats();
  log = await openJetStreamLog({ servers: [nats.url], name: "test" });
  model = openReadModel({ file: join(dir, "followed.sqlite") });
  health = watchLedgerHealth({ servers: [nats.url], name: "test", streamName: "LEDGER" });
});

afterEach(async () => {
  await health.stop();
  await log.close();
  model.close();
  await nats[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

test("a model follows a real server over its death, and holds what a new one does; the health says all of it", async () => {
  await appendHospitalDays(log, 60);
  const ending = new AbortController();
  const following = followReadModel(log, model, ending.signal);
  const end = async () => (await take(log.readAll(), Infinity)).at(-1)!.position;
  await expect.poll(() => model.checkpoint().position, patient).toBe(await end());
  await expect.poll(() => health.health().last, patient).toBe(await end());
  expect(health.health()).toMatchObject({ silentSinceMs: null, members: [{ leads: true, current: true }] });

  await nats.kill9();
  await expect.poll(() => health.health().silentSinceMs, patient).not.toBeNull();
  await nats.restart();
  const job = jobId("after");
  await log.append(jobStream(job), [newEvent("after", { type: "JobCancelled", job, reason: "x" })], "none");
  await expect.poll(() => model.ask(({ events }) => events({ job })), patient).toHaveLength(1);
  await expect.poll(() => health.health(), patient).toMatchObject({ silentSinceMs: null, last: await end() });
  ending.abort();
  expect(await following).toBe("stopped");

  const fresh = openReadModel({ file: join(dir, "fresh.sqlite") });
  await catchUpReadModel(log, fresh, { batchCommits: 20, longAfterCommits: 20 });
  expect(fresh.digest()).toBe(model.digest());
  fresh.close();
});
