/** Fills a read model and stops in the middle of a transaction, to be killed there: `read-model.victim.ts FILE AFTER`. */
import type { Commit } from "../event-log.ts";
import { memoryLog } from "../memory-log.ts";
import { appendHospitalDays } from "./hospital-days.fixture.ts";
import { openReadModel } from "./open-read-model.ts";

const [file, batches] = process.argv.slice(2) as [string, string];
const size = 200;
const log = memoryLog();
await appendHospitalDays(log, 1_500);
const commits: Commit[] = [];
for await (const commit of log.readAll()) commits.push(commit);
const model = openReadModel({ file });
const start = model.checkpoint().commits;

const batch = (number: number): Commit[] => commits.slice(start + number * size, start + (number + 1) * size);
const before = (number: number) => commits[start + number * size - 1]?.position;

/** Says where it is and waits for ever once the transaction has written half of its events. */
function* halting(whole: readonly Commit[]): Generator<Commit> {
  yield* whole.slice(0, size / 2);
  process.stdout.write("in the middle\n");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

for (let number = 0; number < Number(batches); number++) model.write(batch(number), 1, before(number));
model.write(
  { [Symbol.iterator]: () => halting(batch(Number(batches))) } as unknown as Commit[],
  1,
  before(Number(batches)),
);
