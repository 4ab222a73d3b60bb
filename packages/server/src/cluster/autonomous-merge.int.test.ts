/** Two ledgers that could not hear each other complete the same job: after the line is back one completion counts, on both sides. */
import { digestOf, type JobId, type NodeId, type SiteId, type StudyId } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { execute } from "@releve/ledger/command-handler";
import { jobDecider, type JobCommand } from "@releve/ledger/deciders/job";
import type { EventLog, ReadableLog } from "@releve/ledger/event-log";
import { catchUpReadModel } from "@releve/ledger/read-models/follow-read-model";
import { joinedModels } from "@releve/ledger/read-models/joined-models";
import { openReadModel } from "@releve/ledger/read-models/open-read-model";
import { jobStream } from "@releve/ledger/streams";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { settingsOf, type SettingsOf } from "../config/settings.ts";
import { mergeLedgers, openCopy } from "../roles/merge-ledgers.ts";
import { openLedger } from "../roles/open-ledger.ts";
import {
  copyAt,
  hubSite,
  leafSite,
  startAutonomousPair,
  type AutonomousPair,
  type Site,
} from "./autonomous-pair.fixture.ts";

let pair: AutonomousPair;
beforeAll(async () => {
  pair = await startAutonomousPair(3);
}, 60_000);
afterAll(() => pair.stop());

const never = new AbortController().signal;
const patient = { timeout: 120_000, interval: 200 };
const jobNumber = (n: number) => `20000000-0000-5000-8000-00000000000${n}` as JobId;

function settingsAt(site: Site): SettingsOf<"gateway"> {
  const doors = { RELEVE_HTTP_PORT: "1", RELEVE_DIMSE_PORT: "1" };
  const mode = site === leafSite ? "autonomous" : "member";
  return settingsOf.gateway.parse({
    ...pair.environmentOf("gateway", site),
    ...doors,
    RELEVE_SITE_MODE: mode,
  });
}

/** The part of the site's gateway that looks at other ledgers, and what it sees. */
async function gatewayAt(site: Site) {
  const settings = settingsAt(site);
  const name = `gateway:${site}`;
  const own = (await openLedger(settings, name, (fault) => expect.unreachable(fault.message), never))!;
  const copy = await openCopy(settings, name, copyAt[site]);
  const stopping = new AbortController();
  const merging = mergeLedgers(settings, own, () => {}, stopping.signal);
  let stopped: Promise<void> | undefined;
  const end = async () => {
    stopping.abort();
    await merging;
    await Promise.all([own.close(), copy.close()]);
  };
  const stop = () => (stopped ??= end());
  onTestFinished(stop);
  return { own, copy, stop };
}

async function complete(log: EventLog, job: JobId, at: Site): Promise<void> {
  const site = at as SiteId;
  const context = { atMs: 1, site, actor: `gateway:${site}` };
  const run = async (command: JobCommand) => {
    const done = await execute(log, jobStream(job), jobDecider, command, context);
    if (isRefusal(done)) throw new Error(done.reason);
    return done.state;
  };
  await run({ type: "request", request: { ...request, job, inputSite: site } });
  const state = await run({ type: "claim", node: "n1" as NodeId, site, epoch: log.epoch, aheadMs: 0 });
  if (state.status !== "claimed") throw new Error(state.status);
  const result = { outputs: [], pictures: [], engine: "cpu", computeMs: 1, remarks: [] };
  await run({ type: "complete", token: state.token, ...result });
}

const request = {
  study: "10000000-0000-5000-8000-000000000001" as StudyId,
  application: "mip",
  applicationVersion: "1",
  parameters: {},
  plan: digestOf("plan"),
  inputBytes: 1,
  needBytes: 1,
  priority: "routine",
  deadlineAtMs: null,
} as const;

const lifeIn = async (log: ReadableLog, job: JobId): Promise<string> =>
  (await log.read(jobStream(job)))
    .flatMap(({ events }) => events.map(({ event }) => event.type.replace("Job", "")))
    .join(" ");
const counts = "Requested Claimed Completed";
const countsNot = `${counts} Superseded`;

/** What a person sees of the job at that site. */
async function shownAt({ own, copy }: Awaited<ReturnType<typeof gatewayAt>>, site: Site, job: JobId) {
  const models = [openReadModel(), openReadModel()] as const;
  try {
    await catchUpReadModel(own, models[0]);
    await catchUpReadModel(copy, models[1]);
    const joined = joinedModels(models[0], new Map([[copyAt[site], models[1]]]));
    const { job: here, elsewhere } = joined.job(job)!;
    return { here: here.status, elsewhere: elsewhere.map(({ home, status }) => [home, status]) };
  } finally {
    for (const model of models) model.close();
  }
}

test("of two completions during a cut the lowest site's counts, said once, in both ledgers and both copies", async () => {
  const [hub, leaf] = [await gatewayAt(hubSite), await gatewayAt(leafSite)];
  await complete(hub.own, jobNumber(1), hubSite);
  await complete(leaf.own, jobNumber(2), leafSite);
  await expect.poll(() => lifeIn(leaf.copy, jobNumber(1)), patient).toBe(counts);
  await expect.poll(() => lifeIn(hub.copy, jobNumber(2)), patient).toBe(counts);

  pair.cut();
  for (const job of [jobNumber(3), jobNumber(4)])
    for (const [{ own }, site] of [
      [leaf, leafSite],
      [hub, hubSite],
    ] as const)
      await complete(own, job, site);
  expect(await lifeIn(leaf.own, jobNumber(3)), "each side works on by itself").toBe(counts);
  expect(await lifeIn(leaf.copy, jobNumber(3))).toBe("");
  await leaf.stop(); // its gateway is started again while the line is cut, with its ledger, and again below
  await pair.restartLeaf();
  const leafAgain = await gatewayAt(leafSite);
  pair.heal();

  const seen = async (job: JobId) => ({
    hub: await lifeIn(hub.own, job),
    hubInLeaf: await lifeIn(leafAgain.copy, job),
    leaf: await lifeIn(leafAgain.own, job),
    leafInHub: await lifeIn(hub.copy, job),
  });
  const merged = { hub: counts, hubInLeaf: counts, leaf: countsNot, leafInHub: countsNot };
  await expect.poll(() => seen(jobNumber(3)), patient).toEqual(merged);
  await expect.poll(() => seen(jobNumber(4)), patient).toEqual(merged);

  const shown = { here: "completed", elsewhere: [[leafSite, "superseded"]] };
  expect(await shownAt(hub, hubSite, jobNumber(3))).toEqual(shown);
  const shownThere = { here: "superseded", elsewhere: [[copyAt[leafSite], "completed"]] };
  expect(await shownAt(leafAgain, leafSite, jobNumber(3))).toEqual(shownThere);

  await Promise.all([hub.stop(), leafAgain.stop()]);
  const [hubLast, leafLast] = [await gatewayAt(hubSite), await gatewayAt(leafSite)];
  for (const [{ own }, site] of [
    [hubLast, hubSite],
    [leafLast, leafSite],
  ] as const)
    await complete(own, jobNumber(5), site);
  await expect.poll(() => lifeIn(leafLast.own, jobNumber(5)), patient).toBe(countsNot);
  for (const job of [jobNumber(3), jobNumber(4)]) {
    expect(await lifeIn(leafLast.own, job)).toBe(countsNot);
    expect(await lifeIn(hubLast.own, job)).toBe(counts);
  }
  expect(await lifeIn(leafLast.own, jobNumber(2)), "nobody else did it").toBe(counts);
}, 300_000);
