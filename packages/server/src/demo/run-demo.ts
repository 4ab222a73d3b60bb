/** `npm run demo -- [DIR] [--out DIR]`: the main job from a fresh cluster to a summary. Exit 0 only when all of it happened. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@releve/domain/clock";
import { openObjectStore } from "@releve/store/object-store";
import { demoStudy } from "@releve/testkit/phantom/demo-study";
import { consoleDir } from "../cluster/console-dir.ts";
import { freePorts } from "../cluster/ports.ts";
import { startCluster } from "../cluster/start-cluster.ts";
import { portCount, portsFrom } from "../cluster/topology.ts";
import { exportResults } from "./export-results.ts";
import { destinationCount, runMainJob, type MainJob } from "./main-job.ts";
import { problemsOf } from "./problems.ts";
import { reportLines } from "./report-lines.ts";
import { folderFiles, generatedFiles } from "./source-files.ts";
import { deliveriesOf, failoverOf, jobsOf, studiesOf, type Summary } from "./summary.ts";
import { terminal } from "./terminal.ts";

export type DemoOptions = {
  readonly folder: string | undefined;
  readonly outDir: string;
  readonly killNode: boolean;
};

/** @returns the exit code. */
export async function runDemo({ folder, outDir, killNode }: DemoOptions): Promise<number> {
  const screen = terminal(process.stdout, systemClock.nowMs);
  const files = folder === undefined ? generatedFiles(demoStudy()) : await folderFiles(folder);
  const dataDir = await mkdtemp(join(tmpdir(), "releve-demo-"));
  const cluster = await startCluster({
    dataDir,
    consoleDir,
    ports: portsFrom(await freePorts(portCount)),
    settleSilenceMs: 1_500,
    say: screen.say,
    onStarted: (_, started, total) => screen.bar("starting two sites ", started, total),
  });
  try {
    const done = await runMainJob(cluster, files, { killNode, terminal: screen, onEvent: screen.say });
    const summary = await summarize(done, { dataDir, outDir, killNode });
    for (const line of reportLines(summary, outDir)) screen.say(line);
    return summary.ok ? 0 : 1;
  } finally {
    await cluster.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function summarize(
  done: MainJob,
  {
    dataDir,
    outDir,
    killNode,
  }: { readonly dataDir: string; readonly outDir: string; readonly killNode: boolean },
): Promise<Summary> {
  const { index } = done.watch;
  const stores = new Map<string, Awaited<ReturnType<typeof openObjectStore>>>();
  const jobs = await exportResults(outDir, jobsOf(index), async (site, digest) => {
    const store =
      stores.get(site) ?? (await openObjectStore({ dir: join(dataDir, site, "store"), minFreeBytes: 0 }));
    stores.set(site, store);
    return store.read(digest);
  });
  const failover = done.killed
    ? failoverOf(index, done.killed.node, done.killed.job, done.killed.atMs)
    : null;
  const facts = {
    sent: done.sent,
    studies: studiesOf(index),
    jobs,
    deliveries: deliveriesOf(index),
    failover,
    events: index.all,
  };
  const problems = [
    ...done.unfinished,
    ...problemsOf(facts, { destinations: destinationCount, killsNode: killNode }),
  ];
  const summary = { ok: problems.length === 0, problems, ...facts };
  await mkdir(outDir, { recursive: true });
  await writeFile(join(outDir, "summary.json"), `${JSON.stringify(summary, undefined, 2)}\n`);
  return summary;
}
