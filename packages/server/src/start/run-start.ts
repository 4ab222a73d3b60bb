/** `npm start`: the embedded default. State survives a restart; the main job runs on the phantom; it stays up until ctrl-c. */
import { issuerAt } from "@releve/access/embedded/embedded-provider";
import { secretFileOf } from "@releve/access/embedded/prepare-provider";
import { systemClock } from "@releve/domain/clock";
import { demoStudy } from "@releve/testkit/phantom/demo-study";
import { passwordLines } from "../commands/users-reset.ts";
import { consoleDir } from "../cluster/console-dir.ts";
import { startCluster } from "../cluster/start-cluster.ts";
import { commandClient, consecutivePorts, identityDirIn, natsUrlOf, webUrlOf } from "../cluster/topology.ts";
import { runMainJob } from "../demo/main-job.ts";
import { generatedFiles } from "../demo/source-files.ts";
import { jobsOf } from "../demo/summary.ts";
import { terminal } from "../demo/terminal.ts";
import { aborted, shutdownSignal } from "../roles/shutdown.ts";
import { writeRunFile } from "./run-file.ts";

export type StartOptions = { readonly dataDir: string; readonly firstPort: number };

/** @returns the exit code. */
export async function runStart({ dataDir, firstPort }: StartOptions): Promise<number> {
  const signal = shutdownSignal();
  const screen = terminal(process.stdout, systemClock.nowMs);
  const ports = consecutivePorts(firstPort);
  const cluster = await startCluster({
    dataDir,
    consoleDir,
    ports,
    signIn: true,
    settleSilenceMs: 3_000,
    say: screen.say,
    onStarted: (_, started, total) => screen.bar("starting two sites ", started, total),
  });
  try {
    writeRunFile(dataDir, {
      ledger: { servers: [natsUrlOf(ports)], replicas: 1 },
      dimse: { host: "127.0.0.1", port: ports.sites["site-a"].dimse },
      console: webUrlOf(ports.sites["site-a"].console),
      signIn: {
        issuer: issuerAt(ports.identity),
        clientId: commandClient,
        secretFile: secretFileOf(identityDirIn(dataDir), commandClient),
      },
    });
    const sites = ports.sites["site-a"];
    screen.say(`console:  ${webUrlOf(sites.console)}`);
    screen.say(`DICOM:    AE RELEVE at 127.0.0.1:${sites.dimse}`);
    screen.say(`DICOMweb: ${webUrlOf(sites.web)}/dicom-web`);
    for (const line of passwordLines(cluster.passwords)) screen.say(line);
    await Promise.race([mainJob(cluster, screen), aborted(signal)]);
    if (!signal.aborted) screen.say("up; ctrl-c stops everything");
    await aborted(signal);
    screen.say("stopping");
    return 0;
  } finally {
    await cluster.stop();
  }
}

async function mainJob(
  cluster: Awaited<ReturnType<typeof startCluster>>,
  screen: ReturnType<typeof terminal>,
): Promise<void> {
  const done = await runMainJob(cluster, generatedFiles(demoStudy()), { killNode: false, terminal: screen });
  for (const job of jobsOf(done.watch.index)) {
    screen.say(`${job.application}: ${job.status}, ${job.outputs.length} objects by ${job.node ?? "nobody"}`);
  }
  for (const open of done.unfinished) screen.say(`PROBLEM: ${open}`);
}
