/** `npm run demo -- [DIR] [--out DIR]`: the main job from a fresh cluster to a summary. Exit 0 only when all of it happened. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@releve/domain/clock";
import { openObjectStore } from "@releve/store/object-store";
import { demoStudy } from "@releve/testkit/phantom/demo-study";
import { consoleDir } from "../cluster/console-dir.ts";
import { freePorts } from "../cluster/ports.ts";
import { startCluster, type Cluster } from "../cluster/start-cluster.ts";
import { portCount, portsFrom } from "../cluster/topology.ts";
import { exportResults } from "./export-results.ts";
import { destinationCount, runMainJob, type MainJob } from "./main-job.ts";
import { problemsOf } from "./problems.ts";
import { folderFiles, generatedFiles } from "./source-files.ts";
import { deliveriesOf, failoverOf, jobsOf, studiesOf, type Summary } from "./summary.ts";
import { terminal, type Terminal } from "./terminal.ts";

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
    const summary = await summarize(cluster, done, { dataDir, outDir, killNode });
    return report(summary, outDir, screen);
  } finally {
    await cluster.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function summarize(
  _cluster: Cluster,
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

function report(summary: Summary, outDir: string, { say }: Terminal): number {
  for (const file of summary.sent)
    if (file.outcome === "refused") say(`refused: ${file.file}: ${file.reason}`);
  for (const study of summary.studies) {
    for (const series of study.series) {
      const volumes = series.volumes.map((volume) =>
        `${volume.slices} slices ${volume.findings.join(" ")}`.trim(),
      );
      const left = [...new Set(series.leftOut.map(({ code }) => code))].join(", ");
      say(
        `series ${series.modality} of ${series.objectCount}: ${volumes.join("; ") || "no volume"}${left && ` (left out: ${left})`}`,
      );
    }
    for (const { application, refused } of study.decisions)
      if (refused) say(`${application}: ${refused.reason}`);
  }
  for (const job of summary.jobs) {
    say(
      `${job.application} ${job.status} by ${job.node ?? "nobody"}, ${job.attempts} attempts, ${job.results.length} objects`,
    );
  }
  if (summary.failover)
    say(
      `failover: ${summary.failover.killedNode} -> ${summary.failover.finishedBy}, gap ${summary.failover.gapMs} ms`,
    );
  for (const problem of summary.problems) say(`PROBLEM: ${problem}`);
  say(
    `${summary.ok ? "all of it happened" : "not all of it happened"}; results and summary.json are in ${outDir}`,
  );
  return summary.ok ? 0 : 1;
}
