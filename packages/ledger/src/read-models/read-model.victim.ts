/** Fills a read model and stops in the middle of a transaction, to be killed there: `read-model.victim.ts FILE AFTER`. */
import type { Commit } from "../event-log.ts";
import { memoryLog } from "../memory-log.ts";
import { commitWriter } from "./commit-writer.ts";
import { appendHospitalDays } from "./hospital-days.fixture.ts";
import { openFile } from "./model-file.ts";
import { openReadModel } from "./open-read-model.ts";
import type { StreamChange } from "./row-batch.ts";
import { rowWriter } from "./row-writer.ts";

const [file, batches] = process.argv.slice(2) as [string, string];
const size = 200;
const log = memoryLog();
await appendHospitalDays(log, 1_000);
const commits: Commit[] = [];
for await (const commit of log.readAll()) commits.push(commit);
const model = openReadModel({ file });
const start = model.checkpoint().commits;
const batch = (number: number): Commit[] => commits.slice(start + number * size, start + (number + 1) * size);
const before = (number: number) => commits[start + number * size - 1]?.position;
for (let number = 0; number < Number(batches); number++) model.write(batch(number), 1, before(number));
model.close();

/** Says where it is and waits for ever once the transaction has written half of its rows. */
function* halting(whole: readonly StreamChange[]): Generator<StreamChange> {
  yield* whole.slice(0, whole.length / 2);
  process.stdout.write("in the middle\n");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

const db = openFile(file);
const last = commitWriter(db).prepare(batch(Number(batches)), 1);
const streams = { [Symbol.iterator]: () => halting(last.streams) } as unknown as StreamChange[];
rowWriter(db).write({ ...last, streams });
