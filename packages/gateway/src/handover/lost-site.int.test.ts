/**
 * Three sites over a real ledger. One is lost after its study is safe: another settles it, asks for its job, delivers the
 * result; when the lost one is back, nothing happens twice.
 */
import { systemClock } from "@releve/domain/clock";
import { studyIdOf, type JobId, type NodeId } from "@releve/domain/ids";
import { execute } from "@releve/ledger/command-handler";
import { jobDecider } from "@releve/ledger/deciders/job";
import { studyDecider } from "@releve/ledger/deciders/study";
import type { EventLog } from "@releve/ledger/event-log";
import type { LedgerEvent } from "@releve/ledger/events";
import type { StoredObject } from "@releve/ledger/events/stored-object";
import { load } from "@releve/ledger/fold";
import { openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { jobStream, studyStream } from "@releve/ledger/streams";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { startNats, type TestNats } from "@releve/testkit/nats/nats-server";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { temporaryWebDoor, type TemporaryWebDoor } from "../doors/web-door.fixture.ts";
import { arrivalOf } from "../intake/intake.fixture.ts";
import { testSite, type TestSite } from "./site.fixture.ts";

let nats: TestNats;
let log: EventLog;
let pacs: TemporaryWebDoor;
let sites: readonly [TestSite, TestSite, TestSite];
const stored: string[] = [];
const within = { timeout: 40_000, interval: 100 };

beforeAll(async () => {
  nats = await startNats();
  pacs = await temporaryWebDoor();
  const urls: URL[] = [];
  const destination = { kind: "stow", name: "pacs", url: pacs.root } as const;
  const around = { natsUrl: nats.url, urls, lost: new Map<string, number>(), pacs: destination };
  sites = [
    await testSite("site-a", around),
    await testSite("site-b", around),
    await testSite("site-c", around),
  ];
  urls.push(...sites.map(({ door }) => new URL(door.url)));
  pacs.server.on("request", ({ method, url }) => stored.push(`${method} ${url}`));
  await Promise.all(sites.map((site) => site.start()));
  log = await openJetStreamLog({ servers: [nats.url], name: "test" });
});
afterAll(async () => {
  await Promise.all(sites.map((site) => site.close()));
  await log.close();
  await pacs.close();
  await nats[Symbol.asyncDispose]();
});

const study = (name: string) =>
  ctPhantom({ study: name, slices: 6, columns: 16, rows: 16 }).map(({ bytes }) => bytes);
const idOf = (files: readonly Uint8Array[]) => studyIdOf(parseDicom(files[0]!).studyInstanceUid);

async function send(to: TestSite, files: readonly Uint8Array[]) {
  for (const bytes of files) expect((await to.door.intake.receive(arrivalOf(bytes))).kind).toBe("stored");
}

async function events(): Promise<readonly { readonly site: string; readonly event: LedgerEvent }[]> {
  const all = [];
  for await (const commit of log.readAll())
    all.push(...commit.events.map(({ event, context }) => ({ event, site: context.site })));
  return all;
}
const jobsOf = async (of: string): Promise<JobId[]> =>
  (await events()).flatMap(({ event }) =>
    event.type === "JobRequested" && event.study === of ? [event.job] : [],
  );

/** What a node would do: it claims, stores a result at its site, completes. */
async function compute(job: JobId, at: TestSite): Promise<StoredObject> {
  const site = at.name;
  const context = { atMs: systemClock.nowMs(), site, actor: "node:test" };
  const [bytes] = study(`result of ${job}`);
  const { digest } = await at.door.intake.store.put(bytes!, { maxBytes: bytes!.length });
  const { sopClassUid, sopInstanceUid, seriesInstanceUid, transferSyntaxUid } = parseDicom(bytes!);
  const output = {
    digest,
    bytes: bytes!.length,
    sopClassUid,
    sopInstanceUid,
    seriesInstanceUid,
    transferSyntaxUid,
  };
  const claim = { type: "claim", node: "n1" as NodeId, site, epoch: log.epoch, aheadMs: 0 } as const;
  await execute(log, jobStream(job), jobDecider, claim, context);
  const { state } = await load(log, jobStream(job), jobDecider);
  if (state.status !== "claimed") throw new Error(`the job is ${state.status}`);
  const result = { outputs: [output], pictures: [], engine: "test", computeMs: 1, remarks: [] };
  await execute(
    log,
    jobStream(job),
    jobDecider,
    { type: "complete", token: state.token, ...result },
    context,
  );
  return output;
}

const isDelivered = async (job: JobId) => {
  const all = await events();
  const asked = all.flatMap(({ event }) =>
    event.type === "DeliveryRequested" && event.job === job ? [event.delivery] : [],
  );
  return all.some(({ event }) => event.type === "Delivered" && event.delivery === asked[0]);
};

async function isSafe(of: ReturnType<typeof idOf>, digests: readonly string[] = []): Promise<boolean> {
  const { state } = await load(log, studyStream(of), studyDecider);
  if (state.status === "none") return false;
  const replicated = new Set<string>([...state.replicas.values()].flatMap((held) => [...held]));
  return [...state.known, ...digests].every((digest) => replicated.has(digest));
}

test("a study is safe at two sites, its result as well, and its home delivers it", async () => {
  const files = study("first");
  await send(sites[0], files);
  await vi.waitUntil(() => isSafe(idOf(files)), within);
  await vi.waitUntil(async () => (await jobsOf(idOf(files))).length === 1, within);
  const [job] = await jobsOf(idOf(files));
  const output = await compute(job!, sites[1]);
  await vi.waitUntil(() => isDelivered(job!), within);
  await vi.waitUntil(() => isSafe(idOf(files), [output.digest]), within);
  const deliveries = (await events()).filter(({ event }) => event.type === "Delivered");
  expect(deliveries.map(({ site }) => site)).toEqual(["site-a"]);
});

test("when its home is lost, another site settles the study, delivers the result, and the home does nothing twice", async () => {
  const files = study("second");
  await send(sites[0], files.slice(0, 5));
  await vi.waitUntil(() => isSafe(idOf(files)), within);
  await sites[0].lose();
  await vi.waitUntil(async () => (await jobsOf(idOf(files))).length > 0, within);
  const [job, ...more] = await jobsOf(idOf(files));
  expect(more).toEqual([]);
  await compute(job!, sites[2]);
  await vi.waitUntil(() => isDelivered(job!), within);
  const before = await events();
  expect(before.some(({ event }) => event.type === "SiteLost" && event.site === "site-a")).toBe(true);
  const settledAt = before.filter(
    ({ event }) => event.type === "StudySettled" && event.study === idOf(files),
  );
  expect(settledAt.map(({ site }) => site)).not.toContain("site-a");
  const posts = stored.length;

  await sites[0].start();
  await vi.waitUntil(async () => (await events()).some(({ event }) => event.type === "SiteReturned"), within);
  const late = study("third"); // proves that the home works again, after it has looked at everything
  await send(sites[0], late);
  await vi.waitUntil(async () => (await jobsOf(idOf(late))).length === 1, within);
  const after = await events();
  const count = (type: LedgerEvent["type"], of: typeof before) =>
    of.filter(({ event }) => event.type === type && "study" in event && event.study === idOf(files)).length;
  for (const type of ["StudySettled", "StudyRuled", "JobRequested", "DeliveryRequested"] as const)
    expect([type, count(type, after)]).toEqual([type, 1]);
  expect(after.filter(({ event }) => event.type === "Delivered")).toHaveLength(2);
  expect(stored).toHaveLength(posts);
});

test("the same study sent to two sites at once is one study of the same objects, settled and computed once", async () => {
  const files = study("fourth");
  const again = files.map((bytes) => Buffer.concat([Buffer.alloc(128, 1), bytes.subarray(128)])); // another preamble
  await Promise.all([send(sites[0], files), send(sites[1], again)]);
  await vi.waitUntil(async () => (await jobsOf(idOf(files))).length > 0, within);
  await vi.waitUntil(() => isSafe(idOf(files)), within);
  const { state } = await load(log, studyStream(idOf(files)), studyDecider);
  expect(state.status === "none" ? 0 : state.objects.size).toBe(files.length);
  const all = (await events()).filter(({ event }) => "study" in event && event.study === idOf(files));
  const types = Map.groupBy(all, ({ event }) => event.type);
  expect(types.get("StudyObjectQuarantined")).toBeUndefined();
  expect(types.get("StudyObjectRevised")).toBeUndefined();
  expect(types.get("JobRequested")).toHaveLength(types.get("StudySettled")!.length);
});
