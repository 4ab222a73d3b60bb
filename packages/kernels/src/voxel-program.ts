/** A kernel over voxels, checked and cut into tiles, as it goes to the worker: source text and plain arrays. */
import type { VoxelTask } from "./kernel-runner.ts";
import { tileVoxelsFor } from "./tile-voxels.ts";

export type VoxelTable = { readonly columns: number; readonly values: Float32Array };

/** What is compiled once and then run tile by tile. */
export type VoxelProgram = {
  /** Tells one program from another within the process. */
  readonly key: number;
  readonly name: string;
  /** gpu.js compiles the text: a function cannot be sent to another thread. */
  readonly source: string;
  readonly loopMaxIterations: number;
  readonly frameCount: number;
  readonly outputs: number;
  readonly tileVoxels: number;
  /** Both in the order of their names. */
  readonly tables: readonly VoxelTable[];
  readonly numbers: readonly number[];
};

/** The samples of at most `tileVoxels` voxels, one array per frame. */
export type VoxelTile = readonly Float32Array[];

let nextKey = 1;

/** @throws RangeError for a task that no engine could run as it stands. */
export function voxelProgram(task: VoxelTask): VoxelProgram {
  const { kernel, frames, outputs } = task;
  const source = sourceOf(task);
  requireParameters(task, source);
  const tables = inNameOrder(task.tables);
  const numbers = inNameOrder(task.numbers);
  requireFrames(task);
  requireCount(outputs, "outputs");
  requireCount(kernel.loopMaxIterations, "loopMaxIterations");
  for (const { columns, values } of tables) requireTable(kernel.name, columns, values.length);
  return {
    key: nextKey++,
    name: kernel.name,
    source,
    loopMaxIterations: kernel.loopMaxIterations,
    frameCount: frames.length,
    outputs,
    tileVoxels: tileVoxelsFor(frames[0]!.length, Math.max(frames.length, outputs)),
    tables,
    numbers,
  };
}

function inNameOrder<T>(record: Readonly<Record<string, T>>): T[] {
  return Object.keys(record)
    .toSorted()
    .map((name) => record[name]!);
}

/** A number under another parameter's name would be a wrong result that looks right. */
function requireParameters({ kernel, tables, numbers }: VoxelTask, source: string): void {
  const [, list = ""] = /^function[^(]*\(([^)]*)\)/.exec(source) ?? [];
  const [samples = "samples", ...parameters] = list
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  const given = [Object.keys(tables).toSorted(), Object.keys(numbers).toSorted()].flat();
  if (parameters.join() !== given.join())
    throw new RangeError(
      `${kernel.name} takes ${[samples, ...parameters].join()}, the task has ${samples},${given.join()}`,
    );
}

function requireFrames({ kernel, frames }: VoxelTask): void {
  const voxels = frames[0]?.length;
  if (voxels === undefined) throw new RangeError(`${kernel.name} was given no frame`);
  const other = frames.find((frame) => frame.length !== voxels);
  if (other) throw new RangeError(`frames of ${voxels} and of ${other.length} voxels do not belong together`);
}

/** Float32 counts no further: a table beyond it would be read at a neighbour of the entry that was meant. */
const tableEntriesMax = 2 ** 24;

function requireTable(name: string, columns: number, entries: number): void {
  requireCount(columns, "a table's columns");
  if (entries === 0 || entries % columns !== 0 || entries > tableEntriesMax)
    throw new RangeError(`${name}: ${entries} entries make no table of ${columns} columns`);
}

function requireCount(count: number, what: string): void {
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`${what} must be a positive integer, not ${count}`);
}

/** A method or an arrow function has another syntax, or no `this`; gpu.js would fail with a parser's message. */
function sourceOf({ kernel }: VoxelTask): string {
  const source = kernel.run.toString();
  if (!/^function\b/.test(source)) throw new RangeError(`${kernel.name} must be written as a function`);
  return source;
}
