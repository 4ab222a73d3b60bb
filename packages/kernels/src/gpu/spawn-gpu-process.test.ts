import { expect, test } from "vitest";
import { resliceTask } from "../ray-task.ts";
import { knownVolumes } from "../self-test/known-object.ts";
import { sharedVolume } from "../shared-volume.ts";
import { WorkerClient, type KernelWorker } from "../worker-client.ts";
import { spawnGpuProcess } from "./spawn-gpu-process.ts";

const options = { engine: "webgpu", threads: 1, budgetBytes: 2 ** 20 } as const;

test("a process that a driver takes down fails who waits, to be tried later, and the next request has another", async () => {
  const spawned: KernelWorker[] = [];
  const client = new WorkerClient(options, (own) => {
    const gpu = spawnGpuProcess({ ...own, allowSoftware: true });
    spawned.push(gpu);
    return gpu;
  });
  const [volume] = knownVolumes();
  const plane = { ...volume.geometry, columns: 1, rows: 1 };
  const work = { kind: "plane", volume: sharedVolume(volume), task: resliceTask(volume, plane) } as const;
  const waiting = client.compute(work);
  void spawned[0]!.terminate();
  await expect(waiting).rejects.toMatchObject({ code: "KERNEL_WORKER_LOST", retry: "later" });
  const next = client.compute(work);
  void spawned[1]!.terminate();
  await expect(next).rejects.toMatchObject({ code: "KERNEL_WORKER_LOST" });
  expect(spawned).toHaveLength(2);
  await client.close();
});
