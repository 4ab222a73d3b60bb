import { Worker } from "node:worker_threads";
import type { Volume } from "@releve/domain/volume";
import { expect, test } from "vitest";
import { resliceTask } from "./ray-task.ts";
import { engineOf, type BuiltKernel } from "./engine.ts";
import { sharedVolume } from "./shared-volume.ts";
import { WorkerClient } from "./worker-client.ts";

const volume: Volume = {
  geometry: {
    columns: 2,
    rows: 1,
    slices: 1,
    originLps: [0, 0, 0],
    columnStepLps: [1, 0, 0],
    rowStepLps: [0, 1, 0],
    sliceStepLps: [0, 0, 1],
  },
  voxels: { kind: "stored", values: Int16Array.of(3, 4), slope: 2, intercept: 1 },
};
const task = resliceTask(volume, volume.geometry);
const work = { kind: "plane", volume: sharedVolume(volume), task } as const;
const options = { engine: "webasm", threads: 1, budgetBytes: 2 ** 20 } as const;

test("a lost worker fails who waits, to be tried later; the next request has another worker", async () => {
  const spawned: Worker[] = [];
  const client = new WorkerClient(options, (workerData) => {
    const worker = new Worker(new URL("worker.ts", import.meta.url), { workerData });
    spawned.push(worker);
    return worker;
  });
  const waiting = client.compute(work);
  void spawned[0]!.terminate();
  await expect(waiting).rejects.toMatchObject({ code: "KERNEL_WORKER_LOST", retry: "later" });
  const { values, engine } = await client.compute(work);
  expect([...values[0]!]).toEqual([7, 9]);
  expect(engine).toBe("gpu.js/webasm");
  expect(spawned).toHaveLength(2);
  await client.close();
});

test("a worker that throws fails who waits", async () => {
  const client = new WorkerClient(
    options,
    () => new Worker("throw new Error('out of order')", { eval: true }),
  );
  await expect(client.compute(work)).rejects.toMatchObject({
    code: "KERNEL_WORKER_LOST",
  });
  await client.close();
});

test("a fall-back to another engine is in the name, with its reason", () => {
  const fellBack = { kernel: { constructor: { mode: "cpu" }, fallbackReason: "no SIMD" } };
  expect(engineOf(fellBack as unknown as BuiltKernel, "webasm")).toBe(
    "gpu.js/cpu (fallback from webasm: no SIMD)",
  );
});
