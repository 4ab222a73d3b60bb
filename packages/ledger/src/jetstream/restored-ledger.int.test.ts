/** A ledger that comes back from an older backup starts only by an explicit adoption, and accepts no token of before. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Digest, NodeId, SiteId, StudyId } from "@releve/domain/ids";
import { startNats, type TestNats } from "@releve/testkit/nats/nats-server";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { readMark } from "../adoption/ledger-mark.ts";
import { execute } from "../command-handler.ts";
import { adoptionDecider } from "../deciders/adoption.ts";
import { jobDecider, type JobCommand } from "../deciders/job.ts";
import { cancelled, jobId, newEvent } from "../event-log.contract.ts";
import type { EventLog } from "../event-log.ts";
import type { LedgerFault } from "../faults.ts";
import { adoptionStream, jobStream } from "../streams.ts";
import { openJetStreamLog } from "./jetstream-log.ts";

let dir: string;
let nats: TestNats;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "restored-ledger-"));
  nats = await startNats();
  return async () => {
    await nats[Symbol.asyncDispose]();
    await rm(dir, { recursive: true });
  };
});

async function open(name: string): Promise<EventLog> {
  const log = await openJetStreamLog({ servers: [nats.url], name, markFile: join(dir, `${name}.json`) });
  onTestFinished(() => log.close());
  return log;
}

const context = { atMs: 0, site: "site-a", actor: "test" };
const job = jobId("one");
const jobCommand = (log: EventLog, command: JobCommand) =>
  execute(log, jobStream(job), jobDecider, command, context);
const cancel = (log: EventLog, name: string) =>
  log.append(jobStream(jobId(name)), [newEvent(name, cancelled(jobId(name), name))], "none");

const request: JobCommand = {
  type: "request",
  request: {
    job,
    study: jobId("study") as string as StudyId,
    application: "mpr",
    applicationVersion: "1",
    parameters: {},
    plan: "0".repeat(64) as Digest,
    inputSite: "site-a" as SiteId,
    inputBytes: 1,
    needBytes: 1,
    priority: "routine",
    deadlineAtMs: null,
  },
};

async function takeBackup(): Promise<void> {
  await nats.stop();
  await cp(nats.storeDirectory, join(dir, "backup"), { recursive: true });
  await nats.restart();
}

async function restoreBackup(): Promise<void> {
  await nats.kill9();
  await rm(nats.storeDirectory, { recursive: true });
  await cp(join(dir, "backup"), nats.storeDirectory, { recursive: true });
  await nats.restart();
}

const isRestored = { code: "LEDGER_RESTORED", retry: "never" };

test("who knew a newer event refuses the older ledger, until it is adopted under a new epoch", async () => {
  const log = await open("gateway");
  await cancel(log, "before");
  await takeBackup();
  await cancel(log, "after");
  await log.close();
  await restoreBackup();
  await expect(open("gateway")).rejects.toMatchObject({
    ...isRestored,
    message: expect.stringContaining("releve ledger adopt") as string,
  });

  const operator = await open("operator");
  const adopt = { type: "adopt", expectedEpoch: 1, tail: 1, remembered: 2, report: null } as const;
  await execute(operator, adoptionStream, adoptionDecider, adopt, context);
  const again = await open("gateway");
  expect(again.epoch).toBe(2);
  await cancel(again, "under the new epoch");
  await again.close();
  expect(await readMark(join(dir, "gateway.json"))).toMatchObject({ epoch: 2 });
});

test("at the same place another event: a ledger that was written to after its restoring is refused as well", async () => {
  const log = await open("gateway");
  await cancel(log, "before");
  await takeBackup();
  await cancel(log, "after");
  await log.close();
  await restoreBackup();
  await cancel(await open("somebody without a past"), "something else");
  await expect(open("gateway")).rejects.toMatchObject(isRestored);
});

test("a process that stayed connected notices, in its appends, its reads and its subscription", async () => {
  const log = await open("node");
  await cancel(log, "before");
  await takeBackup();
  await cancel(log, "after");
  const followed = (async () => {
    for await (const _ of log.subscribe()) continue;
  })().then(String, ({ code }: LedgerFault) => code);
  await restoreBackup();
  await expect(cancel(log, "into the restored ledger")).rejects.toMatchObject(isRestored);
  await expect(log.read(jobStream(jobId("before")))).rejects.toMatchObject(isRestored);
  expect(await followed).toBe("LEDGER_RESTORED");
  const fresh = await open("operator");
  expect(await fresh.read(jobStream(jobId("into the restored ledger")))).toEqual([]);
});

test("a token of before is refused though its version number is given a second time", async () => {
  const claim = (epoch: number): JobCommand => ({
    type: "claim",
    node: "a1" as NodeId,
    site: "site-a" as SiteId,
    epoch,
    aheadMs: 0,
  });
  const log = await open("node");
  await jobCommand(log, request);
  await takeBackup();
  const first = await jobCommand(log, claim(log.epoch));
  await log.close();
  await restoreBackup();
  const operator = await open("operator");
  // The same number again: this one's claim gets the version that the lost one had.
  const second = await jobCommand(operator, claim(2));
  if (!("state" in first) || !("state" in second)) throw new Error("a claim was refused");
  expect(second.version).toBe(first.version);
  if (first.state.status !== "claimed" || second.state.status !== "claimed") throw new Error("not claimed");
  const complete = (token: typeof first.state.token) =>
    jobCommand(operator, {
      type: "complete",
      token,
      outputs: [],
      pictures: [],
      engine: "cpu",
      computeMs: 1,
      remarks: [],
    });
  expect(await complete(first.state.token)).toMatchObject({ refused: expect.any(String) as string });
  expect(await complete(second.state.token)).toMatchObject({ state: { status: "completed" } });
});
