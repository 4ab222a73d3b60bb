/** The main job on a running cluster: send the files, kill a node if asked, wait for every result to be delivered. */
import { systemClock } from "@releve/domain/clock";
import { studyIdOf } from "@releve/domain/ids";
import { readHeader } from "@releve/dicom/data-set/parse-dicom";
import { listenToHeartbeats } from "@releve/wire/heartbeat-listener";
import type { Cluster } from "../cluster/start-cluster.ts";
import { natsUrlOf } from "../cluster/topology.ts";
import { formatEvent } from "../commands/format-event.ts";
import { nodeKiller, type Killed } from "./kill-node.ts";
import { localTarget, sendStudy, type SentFile, type SourceFile } from "./send-study.ts";
import type { Terminal } from "./terminal.ts";
import { watchWork, type Watch } from "./watch-work.ts";

export type MainJob = {
  readonly sent: readonly SentFile[];
  readonly watch: Watch;
  readonly unfinished: readonly string[];
  readonly killed: Killed | undefined;
};

export const destinationCount = 2;

export async function runMainJob(
  cluster: Cluster,
  files: readonly SourceFile[],
  options: {
    readonly killNode: boolean;
    readonly terminal: Terminal;
    readonly onEvent?: (line: string) => void;
  },
): Promise<MainJob> {
  const { terminal } = options;
  const killer = nodeKiller(systemClock, (node) => {
    void cluster.supervisor.killForGood(node);
    terminal.say(`node ${node} is killed in the middle of its job`);
  });
  const watch = await watchWork(cluster.log, systemClock, (commit) => {
    for (const envelope of commit.events) options.onEvent?.(formatEvent(envelope));
    if (options.killNode) killer.onCommit(commit);
  });
  const listener = await listenToHeartbeats({
    servers: [natsUrlOf(cluster.ports)],
    name: "demo",
    onBeat: (beat) => (options.killNode ? killer.onProgress(beat.node, beat.progress) : undefined),
  });
  try {
    const sent = await sendStudy(
      localTarget(cluster.ports.sites["site-a"].dimse, "DEMO"),
      files,
      (done, total) => terminal.bar("sending by C-STORE", done, total),
    );
    const studies = await studiesOf(files, sent);
    terminal.say(
      `${sent.filter(({ outcome }) => outcome === "stored").length} of ${files.length} files were accepted`,
    );
    const unfinished = await watch.finished({ studies, destinations: destinationCount });
    return { sent, watch, unfinished, killed: killer.killed() };
  } finally {
    await listener.stop();
    watch.stop();
  }
}

async function studiesOf(
  files: readonly SourceFile[],
  sent: readonly SentFile[],
): Promise<ReadonlySet<string>> {
  const stored = new Set(sent.flatMap((file) => (file.outcome === "stored" ? [file.file] : [])));
  const studies = new Set<string>();
  for (const file of files) {
    if (stored.has(file.name)) studies.add(studyIdOf(readHeader(await file.read()).studyInstanceUid));
  }
  return studies;
}
