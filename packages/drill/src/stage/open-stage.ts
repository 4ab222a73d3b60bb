/** Starts the PACS, the three sites and the followers; all of it is stopped and removed at the end. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "@releve/domain/clock";
import type { EventLog } from "@releve/ledger/event-log";
import { openJetStreamLog, ledgerStream } from "@releve/ledger/jetstream/jetstream-log";
import { freePorts } from "@releve/server/cluster/ports";
import type { RunningCluster } from "@releve/server/cluster/running-cluster";
import { startThreeSites } from "@releve/server/cluster/three-sites";
import { whyNot } from "../machine-needs.ts";
import type { SeededRandom } from "../seeded-random.ts";
import { follow } from "../watch/follower.ts";
import { ledgerWatch } from "../watch/ledger-watch.ts";
import { orthancAeTitle, startOrthanc } from "./orthanc.ts";
import { openSiteImage, type SiteImage } from "./site-image.ts";
import { openPacsLine } from "./pacs-line.ts";
import type { Stage } from "./stage.ts";

const destination = "pacs";
/** Short, so that a run is short; a hospital waits longer. */
const settleSilenceMs = 700;

export type StageOptions = {
  /** Holds everything of the cluster and the PACS; removed at the end unless a run had a violation. */
  readonly dir: string;
  readonly say: (sentence: string) => void;
  /** Picks the site whose disk is an image. */
  readonly random: SeededRandom;
};

/** @throws Fault of what did not start; nothing is left running. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { dir, say } = options;
  await mkdir(dir, { recursive: true });
  const undo: (() => Promise<unknown>)[] = [() => rm(dir, { recursive: true, force: true, maxRetries: 5 })];
  const close = async () => {
    for (const step of undo.toReversed()) await step();
  };
  try {
    const orthanc = await startOrthanc(join(dir, "orthanc"), (await freePorts(2)) as [number, number]);
    undo.push(orthanc.stop);
    const line = await openPacsLine("127.0.0.1", orthanc.dicomPort);
    undo.push(line.close);
    const sitesDir = join(dir, "sites");
    const image = await imageOfOne(dir, sitesDir, options.random);
    if (image) undo.push(image.close);
    const failpointFile = join(dir, "failpoint.json");
    const failing = { RELEVE_FAILPOINT_FILE: failpointFile };
    const cluster = await startThreeSites({
      dataDir: sitesDir,
      settleSilenceMs,
      // With networks of their own every process has an identity, and the lines between the sites can be cut.
      place: "best",
      environment: { gateway: failing, recon: failing },
      destinations: [
        {
          kind: "dimse",
          name: destination,
          host: "127.0.0.1",
          port: line.port,
          calledAeTitle: orthancAeTitle,
        },
      ],
      say,
    });
    undo.push(cluster.stop);
    const log = await cluster.openLog("drill");
    undo.push(log.close);
    const watch = ledgerWatch(systemClock);
    const followers = [];
    const writers = [];
    for (const { site, natsUrl } of cluster.sites) {
      const follower = follow(site, await logAt(cluster, natsUrl, `drill-follower-${site}`), watch.take);
      undo.push(follower.stop);
      followers.push(follower);
      const writer = { site, log: await logAt(cluster, natsUrl, `drill-writer-${site}`) };
      undo.push(writer.log.close);
      writers.push(writer);
    }
    const pacs = { orthanc, line, destination };
    return {
      dir,
      cluster,
      pacs,
      log,
      writers,
      followers,
      watch,
      failpointFile,
      image,
      acknowledged: [],
      accepted: [],
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const siteNames = ["site-a", "site-b", "site-c"] as const;

async function imageOfOne(
  dir: string,
  sitesDir: string,
  random: SeededRandom,
): Promise<SiteImage | undefined> {
  if (whyNot(["root", "loop"]) !== undefined) return undefined;
  const site = random.pick(siteNames);
  return openSiteImage(dir, site, join(sitesDir, site));
}

/** The ledger through one server alone: what it says when the others are away is part of what is drilled. */
function logAt({ ledger }: RunningCluster, natsUrl: string, name: string): Promise<EventLog> {
  const { replicas, ...link } = ledger;
  return openJetStreamLog({ ...link, servers: [natsUrl], name, stream: { ...ledgerStream, replicas } });
}
