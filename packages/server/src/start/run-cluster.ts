/** `npm run cluster`: three sites, up until ctrl-c. State survives a restart. */
import { systemClock } from "@releve/domain/clock";
import type { RunningCluster } from "../cluster/running-cluster.ts";
import { startThreeSites } from "../cluster/three-sites.ts";
import { terminal } from "../demo/terminal.ts";
import { aborted, shutdownSignal } from "../roles/shutdown.ts";
import { writeRunFile } from "./run-file.ts";
import type { StartOptions } from "./run-start.ts";

/** @returns the exit code. */
export async function runCluster({ dataDir, firstPort }: StartOptions): Promise<number> {
  const signal = shutdownSignal();
  const screen = terminal(process.stdout, systemClock.nowMs);
  const cluster = await startThreeSites({
    dataDir,
    firstPort,
    place: "best",
    settleSilenceMs: 3_000,
    say: screen.say,
    onStarted: (_, started, total) => screen.bar("starting three sites", started, total),
  });
  try {
    const { dimse, consoleUrl } = cluster.sites[0]!;
    const { servers, replicas, tls } = cluster.ledger;
    writeRunFile(dataDir, {
      ledger: { servers: [...servers], replicas, ...(tls ? { tls } : {}) },
      dimse: { host: dimse.host, port: dimse.port },
      console: consoleUrl,
    });
    if (cluster.network) screen.say("each site has its own network namespace; these are doors to it");
    for (const line of addressLines(cluster)) screen.say(line);
    screen.say("up; ctrl-c stops everything");
    await aborted(signal);
    screen.say("stopping");
    return 0;
  } finally {
    await cluster.stop();
  }
}

function addressLines({ sites }: RunningCluster): readonly string[] {
  return sites.flatMap(({ site, consoleUrl, dimse, webUrl }) => [
    `${site}  console:  ${consoleUrl}`,
    `${site}  DICOM:    AE ${dimse.aeTitle} at ${dimse.host}:${dimse.port}`,
    `${site}  DICOMweb: ${webUrl}/dicom-web`,
  ]);
}
