/** A site in this process: its intake, its doors, and all that its gateway does over a real ledger. It can be lost. */
import type { Socket } from "node:net";
import { join } from "node:path";
import type { Application } from "@releve/apps/application";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { steadyClock, systemClock } from "@releve/domain/clock";
import type { SiteId } from "@releve/domain/ids";
import { refusal } from "@releve/domain/refusal";
import { openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import type { EventLog } from "@releve/ledger/event-log";
import type { StoredObject } from "@releve/ledger/events/stored-object";
import { objectsOf } from "@releve/store/site-copy";
import { z } from "zod";
import { confirmedObjects } from "../delivery/confirmed-objects.ts";
import type { Destination } from "../delivery/destination.ts";
import { temporaryWebDoor, type TemporaryWebDoor } from "../doors/web-door.fixture.ts";
import { performAction } from "../flow/perform-action.ts";
import { runFlow } from "../flow/run-flow.ts";
import { keepRunning, type Part } from "../keep-running.ts";
import { runReplication } from "../replicate/run-replication.ts";
import { recordSites } from "../sites/record-sites.ts";
import { compareObjects } from "../study/compare-objects.ts";
import { fileCheckpoint } from "../study/checkpoint.ts";
import { publishJournal } from "../study/publish-journal.ts";

/** One job a volume; the test computes it. */
const oneJob: Application = {
  id: "copy",
  version: "1",
  title: { en: "copy", fr: "copie" },
  users: [],
  kernels: [],
  parameters: z.any(),
  takes: "volume",
  propose: () => [{}],
  compute: async () => refusal("NOT_HERE", "computed by the test"),
};

export type Neighbourhood = {
  readonly natsUrl: string;
  /** The doors of all sites; filled after they are open. */
  readonly urls: readonly URL[];
  readonly lost: Map<string, number>;
  readonly pacs: Destination;
};

export type TestSite = {
  readonly name: SiteId;
  readonly door: TemporaryWebDoor;
  /** Its gateway stops and its doors answer nobody; what it has on disk stays. */
  readonly lose: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export async function testSite(name: string, around: Neighbourhood): Promise<TestSite> {
  const site = name as SiteId;
  const door = await temporaryWebDoor();
  let isDown = false;
  door.server.on("connection", (socket: Socket) => void (isDown && socket.destroy()));
  let stop = async () => {};
  return {
    name: site,
    door,
    lose: async () => {
      isDown = true;
      door.server.closeAllConnections();
      await stop();
      around.lost.set(site, steadyClock.nowMs());
    },
    start: async () => {
      isDown = false;
      around.lost.delete(site);
      stop = await startGateway(site, door, around);
    },
    close: async () => {
      await stop();
      await door.close();
    },
  };
}

async function startGateway(site: SiteId, door: TemporaryWebDoor, around: Neighbourhood) {
  const log = await openJetStreamLog({ servers: [around.natsUrl], name: site });
  const stopping = new AbortController();
  const deps = { clock: systemClock, onFault: () => {} };
  const done = keepRunning(() => partsOf(site, door, log, around), deps, stopping.signal);
  return async () => {
    stopping.abort();
    await done;
    await log.close();
  };
}

function partsOf(
  site: SiteId,
  door: TemporaryWebDoor,
  log: EventLog,
  around: Neighbourhood,
): readonly Part[] {
  const { store, journal } = door.intake;
  const others = around.urls.filter((url) => url.href !== new URL(door.url).href);
  const objects = objectsOf(store, others, { limits: { maxRequestsPerSite: 1 } });
  const parsed = async (object: StoredObject) => parseDicom(await objects.read(object.digest));
  const shared = { log, site, clock: steadyClock, wallNowMs: systemClock.nowMs, onFault: () => {} };
  const lostSites = () => around.lost;
  const perform = {
    ...shared,
    store,
    catalogue: [oneJob],
    destinations: [around.pacs],
    readObject: objects.read,
    callingAeTitle: "TEST",
    confirmed: confirmedObjects(),
    admit: () => ({ admitted: true, forecastMs: 0 }) as const,
  };
  const policy = { site, settle: { silenceMs: 3_000, limitMs: 60_000 }, destinations: [around.pacs.name] };
  const checkpoint = fileCheckpoint(join(door.dir, "published"));
  const compare = async (recorded: StoredObject, received: StoredObject) =>
    compareObjects(await parsed(recorded), await parsed(received));
  const flow = {
    ...shared,
    policy,
    lostSites,
    onUnread: () => {},
    perform: (...call: Parameters<Parameters<typeof runFlow>[0]["perform"]>) =>
      performAction(perform, ...call),
  };
  return [
    (signal) => publishJournal({ ...shared, journal, checkpoint, compare }, signal),
    (signal) => runFlow(flow, signal),
    (signal) => runReplication({ ...shared, lostSites, keep: objects.keep, onBehind: () => {} }, signal),
    (signal) =>
      recordSites({ ...shared, mode: "member", safety: "safe-2", silentSites: () => around.lost }, signal),
  ];
}
