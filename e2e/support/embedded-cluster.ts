/** The embedded cluster for one story: in a folder of its own, on free ports, stopped and removed when the test ends. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@releve/domain/clock";
import { localTarget } from "@releve/server/demo/send-study";
import type { SendTarget } from "@releve/dicom/dimse/send-objects";
import { consoleDir } from "@releve/server/cluster/console-dir";
import { freePorts } from "@releve/server/cluster/ports";
import { startCluster, type Cluster } from "@releve/server/cluster/start-cluster";
import { portCount, portsFrom, type Ports, type TopologyOptions } from "@releve/server/cluster/topology";
import { watchWork, type Watch } from "@releve/server/demo/watch-work";
import { onTestFinished } from "vitest";

export type Place = { readonly dataDir: string; readonly ports: Ports };

/** A temporary folder that is removed when the test ends, and ports that nothing listens on. */
export async function newPlace(): Promise<Place> {
  return { dataDir: await temporaryFolder("releve-e2e-"), ports: portsFrom(await freePorts(portCount)) };
}

export async function temporaryFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Starts it at `place`; it is stopped when the test ends, also where the story did that itself before. */
export async function embeddedCluster(
  place: Place,
  destinations?: NonNullable<TopologyOptions["destinations"]>,
  signIn = false,
): Promise<Cluster> {
  const cluster = await startCluster({
    ...place,
    ...(destinations && { destinations }),
    consoleDir,
    signIn,
    settleSilenceMs: 1_500,
    say: (sentence) => process.stdout.write(`${sentence}\n`),
    onStarted: () => {},
  });
  onTestFinished(cluster.stop);
  return cluster;
}

/** Follows the cluster's ledger until the test ends. */
export async function watchCluster({ log }: Cluster): Promise<Watch> {
  const watch = await watchWork(log, systemClock, () => {});
  onTestFinished(watch.stop);
  return watch;
}

/** The DICOM listener of site-a, as a modality sees it. */
export function gatewayOf({ ports }: Pick<Cluster, "ports">): SendTarget {
  return localTarget(ports.sites["site-a"].dimse, "MODALITY");
}
