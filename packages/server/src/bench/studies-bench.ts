/**
 * A study's commands over a log in memory, so that only deciding and folding is measured: with its states kept aside, and
 * without, in turn. Without, every batch reads the study from its first object on.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf, studyIdOf } from "@releve/domain/ids";
import { execute } from "@releve/ledger/command-handler";
import { studyDecider, type StudyCommand, type StudyState } from "@releve/ledger/deciders/study";
import type { EventLog } from "@releve/ledger/event-log";
import { load, type Snapshots } from "@releve/ledger/fold";
import { memoryLog } from "@releve/ledger/memory-log";
import { openSnapshotStore } from "@releve/ledger/snapshots/snapshot-store";
import { studySnapshot } from "@releve/ledger/snapshots/study-snapshot";
import { studyStream } from "@releve/ledger/streams";
import { benchRow, type BenchRow } from "./bench-row.ts";

const runs = 3;
const batches = 150;
const objectsPerBatch = 20;
const peerName = "without snapshots";
const studyInstanceUid = "2.25.100";
const study = studyIdOf(studyInstanceUid);
const stream = studyStream(study);
const context = { atMs: 0, site: "site-a", actor: "bench" };

export async function studiesBench(): Promise<BenchRow[]> {
  const times = { receive: newTimes(), load: newTimes() };
  for (let run = 0; run < runs; run++) {
    const directory = await mkdtemp(join(tmpdir(), "releve-bench-studies-"));
    const file = join(directory, "snapshots.sqlite");
    const [log, plainLog] = [memoryLog(), memoryLog()];
    const store = openSnapshotStore(file);
    times.receive.ours.push(await millisecondsOf(() => receiveAll(log, store.of(studySnapshot))));
    times.receive.peer.push(await millisecondsOf(() => receiveAll(plainLog)));
    store.close();
    const reopened = openSnapshotStore(file);
    times.load.ours.push(await millisecondsOf(() => loadStudy(log, reopened.of(studySnapshot))));
    times.load.peer.push(await millisecondsOf(() => loadStudy(log)));
    reopened.close();
    await rm(directory, { recursive: true });
  }
  const objects = batches * objectsPerBatch;
  return [
    row(`a study of ${objects} objects received in batches of ${objectsPerBatch}`, times.receive),
    row(`that study read after a restart`, times.load),
  ];
}

type Times = { readonly ours: number[]; readonly peer: number[] };
const newTimes = (): Times => ({ ours: [], peer: [] });
const row = (metric: string, { ours, peer }: Times): BenchRow =>
  benchRow({ metric, unit: "ms", peerName }, ours, peer);

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

const loadStudy = (log: EventLog, snapshots?: Snapshots<StudyState>) =>
  load(log, stream, studyDecider, snapshots);

async function receiveAll(log: EventLog, snapshots?: Snapshots<StudyState>): Promise<void> {
  for (let batch = 0; batch < batches; batch++)
    await execute(log, stream, studyDecider, receive(batch), context, undefined, snapshots);
}

function receive(batch: number): StudyCommand {
  const objects = Array.from({ length: objectsPerBatch }, (_, index) => ({
    digest: digestOf(`${batch} ${index}`),
    bytes: 524_288,
    sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
    sopInstanceUid: `${studyInstanceUid}.1.${batch * objectsPerBatch + index}`,
    seriesInstanceUid: `${studyInstanceUid}.1`,
    transferSyntaxUid: "1.2.840.10008.1.2.1",
  }));
  return { type: "receive", study, studyInstanceUid, objects };
}
