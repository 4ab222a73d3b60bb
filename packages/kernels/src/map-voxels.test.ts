import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openGpuJsRunner, type GpuJsRunner } from "./gpu-js-runner.ts";
import type { VoxelKernel, VoxelTask } from "./kernel-runner.ts";

type Here = { readonly thread: { readonly x: number; readonly y: number } };

/** Intercept (output 0) and slope (output 1) of the least-squares line through the frames at the times of the table. */
const lineFit: VoxelKernel = {
  name: "line-fit",
  run: function lineFit(this: Here, samples: number[][], times: number[][], frames: number): number {
    let sumT = 0.0;
    let sumY = 0.0;
    let sumTT = 0.0;
    let sumTY = 0.0;
    for (let frame = 0; frame < frames; frame++) {
      const t = times[0]![frame]!;
      const y = samples[this.thread.x]![frame]!;
      sumT = sumT + t;
      sumY = sumY + y;
      sumTT = sumTT + t * t;
      sumTY = sumTY + t * y;
    }
    const slope = (frames * sumTY - sumT * sumY) / (frames * sumTT - sumT * sumT);
    let result = slope;
    if (this.thread.y < 0.5) result = (sumY - slope * sumT) / frames;
    return result;
  },
  loopMaxIterations: 64,
};

/** Output y is row y of the matrix times the voxel's samples, by a compensated (Kahan) sum. */
const matrixTimesVector: VoxelKernel = {
  name: "matrix-times-vector",
  run: function matrixTimesVector(
    this: Here,
    samples: number[][],
    matrix: number[][],
    frames: number,
  ): number {
    let sum = 0.0;
    let compensation = 0.0;
    for (let frame = 0; frame < frames; frame++) {
      const term = matrix[this.thread.y]![frame]! * samples[this.thread.x]![frame]! - compensation;
      const next = sum + term;
      compensation = next - sum - term;
      sum = next;
    }
    return sum;
  },
  loopMaxIterations: 20_000,
};

/** scale * sample + offset, in which only the order of the names says which number is which. */
const numbersByName: VoxelKernel = {
  name: "numbers-by-name",
  run: function numbersByName(this: Here, samples: number[][], offset: number, scale: number): number {
    let result = scale * samples[this.thread.x]![0]! + offset;
    if (samples[this.thread.x]![0]! < 0) result = -1e38;
    return result;
  },
  loopMaxIterations: 1,
};

function lineTask(voxels: number, shared = false): VoxelTask {
  const times = Float32Array.of(0, 1, 2.5, 4);
  const frames = [...times].map((t) => {
    const memory = shared ? new SharedArrayBuffer(voxels * 4) : new ArrayBuffer(voxels * 4);
    return new Float32Array(memory).map((_, voxel) => 10 + voxel + t * (1 + (voxel % 7)));
  });
  const tables = { times: { columns: 4, values: times } };
  return { kernel: lineFit, frames, tables, numbers: { frames: 4 }, outputs: 2 };
}

describe.each([
  { engine: "webasm", threads: 1 },
  { engine: "webasm", threads: 2 },
  { engine: "cpu", threads: 1 },
] as const)("$engine with $threads threads", (options) => {
  let runner: GpuJsRunner;
  beforeAll(async () => {
    runner = await openGpuJsRunner(options);
  });
  afterAll(() => runner.close());

  test.each([1, 10, 4099])("fits lines through %i voxels, and names the engine", async (voxels) => {
    const { values, engine } = await runner.mapVoxels(lineTask(voxels));
    expect(engine).toBe(`gpu.js/${options.engine}`);
    expect(values).toHaveLength(2);
    for (let voxel = 0; voxel < voxels; voxel++) {
      expect(Math.abs(values[0]![voxel]! - (10 + voxel)) / (10 + voxel)).toBeLessThan(1e-5);
      expect(Math.abs(values[1]![voxel]! - (1 + (voxel % 7)))).toBeLessThan(2e-3);
    }
  });

  test("voxels of several tiles stay in their places, from shared memory too, and progress ends at 1", async () => {
    const voxels = 150_001;
    const fractions: number[] = [];
    const task = { ...lineTask(voxels, true), kernel: firstAndLast, tables: {} };
    const { values } = await runner.mapVoxels(task, undefined, (fraction) => fractions.push(fraction));
    expect(values[0]).toEqual(task.frames[0]);
    expect(values[1]).toEqual(task.frames[3]);
    expect(fractions).toHaveLength(3);
    expect(fractions.at(-1)).toBe(1);
  });

  test("a row of 10,000 times 0.1 sums up to float32's last digit, beyond gpu.js's 1,000 iterations", async () => {
    const frames = Array.from({ length: 10_000 }, () => new Float32Array(5).fill(0.1));
    const matrix = Float32Array.from({ length: 20_000 }, (_, index) => (index < 10_000 ? 1 : 2));
    const { values } = await runner.mapVoxels({
      kernel: matrixTimesVector,
      frames,
      tables: { matrix: { columns: 10_000, values: matrix } },
      numbers: { frames: 10_000 },
      outputs: 2,
    });
    for (const [output, want] of [1000, 2000].entries())
      for (const got of values[output]!) expect(Math.abs(got - want) / want).toBeLessThan(1e-7);
  });

  test("NaN or infinity in any frame gives NaN in every output of that voxel alone; so does a kernel's -1e38", async () => {
    const task = lineTask(9);
    task.frames[2]![4] = Number.NaN;
    task.frames[0]![7] = Number.POSITIVE_INFINITY;
    const { values } = await runner.mapVoxels(task);
    const gaps = (output: number) =>
      [...values[output]!].flatMap((v, voxel) => (Number.isNaN(v) ? [voxel] : []));
    expect([gaps(0), gaps(1)]).toEqual([
      [4, 7],
      [4, 7],
    ]);
    const frames = [Float32Array.of(1, -1, 3)];
    const named = { kernel: numbersByName, frames, tables: {}, outputs: 1 };
    const scaled = await runner.mapVoxels({ ...named, numbers: { scale: 10, offset: 0.5 } });
    expect([...scaled.values[0]!]).toEqual([10.5, NaN, 30.5]);
  });

  test("an abort ends it with the signal's reason", async () => {
    const abort = new AbortController();
    const task = { ...lineTask(400_000), outputs: 2 };
    const mapping = runner.mapVoxels(task, abort.signal, () => abort.abort(new Error("claim lost")));
    await expect(mapping).rejects.toThrow("claim lost");
    expect((await runner.mapVoxels(lineTask(3))).values[1]).toHaveLength(3);
  });

  test("what the kernel cannot be is refused before anything runs", async () => {
    const task = lineTask(3);
    await expect(runner.mapVoxels({ ...task, numbers: {} })).rejects.toThrow(
      "line-fit takes samples,times,frames, the task has samples,times",
    );
    await expect(runner.mapVoxels({ ...task, frames: [] })).rejects.toThrow("no frame");
    await expect(
      runner.mapVoxels({ ...task, frames: [new Float32Array(3), new Float32Array(4)] }),
    ).rejects.toThrow("do not belong together");
    const ragged = { times: { columns: 3, values: new Float32Array(4) } };
    await expect(runner.mapVoxels({ ...task, tables: ragged })).rejects.toThrow("no table of 3 columns");
    const arrow = { ...lineFit, run: (_s: never, _t: never, _f: never) => 0 };
    await expect(runner.mapVoxels({ ...task, kernel: arrow })).rejects.toThrow("written as a function");
    expect((await runner.mapVoxels({ ...task, frames: [new Float32Array(0)] })).values[0]).toHaveLength(0);
  });
});

const firstAndLast: VoxelKernel = {
  name: "first-and-last",
  run: function firstAndLast(this: Here, samples: number[][], frames: number): number {
    let result = samples[this.thread.x]![0]!;
    if (this.thread.y > 0.5) result = samples[this.thread.x]![frames - 1]!;
    return result;
  },
  loopMaxIterations: 1,
};
