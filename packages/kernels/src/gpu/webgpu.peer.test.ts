/**
 * The shaders on Chromium's software Vulkan: whether they compile and are right, not whether they are fast. No test here has
 * seen a real GPU. Skipped where Debian's chromium is not installed.
 */
import { existsSync } from "node:fs";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openGpuJsRunner, type GpuJsRunner } from "../gpu-js-runner.ts";
import { buildCase, randomCase, unitGrid, volumeOf } from "../random-case.fixture.ts";
import { builtInSelfTests } from "../self-test/built-in-self-tests.ts";
import { runSelfTests } from "../self-test/self-test.ts";

const driver = "/usr/lib/chromium/vk_swiftshader_icd.json";
const loader = "/usr/lib/chromium/libvulkan.so.1";
/** As in gpu-js-runner.test.ts. */
const toleranceHu = 7;

async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const result of results) all.push(result);
  return all;
}

const gpu = { engine: "webgpu", threads: 1 } as const;

/* oxlint-disable node/no-process-env -- the driver is chosen by the environment of the GPU's process, which is this one's */
describe.runIf(existsSync(driver) && existsSync(loader))("webgpu on a software adapter", () => {
  const { VK_DRIVER_FILES, LD_LIBRARY_PATH } = process.env;
  let folder: string;
  let runner: GpuJsRunner;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "releve-vulkan-"));
    // Only the loader: Chromium's folder holds other libraries that Node must not find.
    await symlink(loader, join(folder, "libvulkan.so.1"));
    Object.assign(process.env, { VK_DRIVER_FILES: driver, LD_LIBRARY_PATH: folder });
    runner = await openGpuJsRunner({ ...gpu, allowSoftwareGpu: true });
  });
  afterAll(async () => {
    await runner?.close();
    for (const [name, before] of Object.entries({ VK_DRIVER_FILES, LD_LIBRARY_PATH })) {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    }
    await rm(folder, { recursive: true, force: true });
  });

  test("every kernel is within its tolerance", async () => {
    const results = await runSelfTests(runner, builtInSelfTests());
    for (const result of results) expect(result).toMatchObject({ ok: true, engine: "gpu.js/webgpu" });
  });

  test("agrees with the oracle on random sheared grids", async () => {
    const oracle = await openGpuJsRunner({ engine: "cpu", threads: 1 });
    await fc.assert(
      fc.asyncProperty(randomCase, async (given) => {
        const { volume, slab } = buildCase(given);
        const [ours, theirs] = await Promise.all([
          collect(runner.project(volume, [slab], given.projection)),
          collect(oracle.project(volume, [slab], given.projection)),
        ]);
        const wanted = theirs[0]!.values;
        const differ = ours[0]!.values.filter((value, at) => {
          if (Number.isNaN(value) && Number.isNaN(wanted[at]!)) return false;
          return !(Math.abs(value - wanted[at]!) < toleranceHu);
        });
        // Float32 may decide otherwise than float64 at a face or a gap: few samples lie there.
        expect(differ.length).toBeLessThan(wanted.length / 20);
      }),
      { numRuns: 10 },
    );
    await oracle.close();
  });

  test("a volume in slabs is the volume, the least used slab out first", async () => {
    const volume = volumeOf({ ...unitGrid, slices: 60 }, (x, y, z) => 10 * x + y + z * z);
    const small = await openGpuJsRunner({ ...gpu, allowSoftwareGpu: true, budgetBytes: 25 * 80 });
    const slab = { plane: unitGrid, stepLps: [0.01, 0, 1], steps: 120 } as const;
    for (const projection of ["max", "min"] as const)
      expect(await collect(small.project(volume, [slab], projection))).toEqual(
        await collect(runner.project(volume, [slab], projection)),
      );
    await small.close();
  });

  test("a volume of which not even six slices fit is refused with the numbers", async () => {
    const small = await openGpuJsRunner({ ...gpu, allowSoftwareGpu: true, budgetBytes: 400 });
    const large = volumeOf({ ...unitGrid, slices: 60 }, () => 1);
    await expect(collect(small.reslice(large, [unitGrid]))).rejects.toMatchObject({
      code: "KERNEL_VOLUME_TOO_LARGE",
      neededBytes: 480,
      budgetBytes: 400,
    });
    await small.close();
  });

  test("a software adapter is refused unless it is allowed", async () => {
    await expect(openGpuJsRunner(gpu)).rejects.toMatchObject({ code: "KERNEL_COMPUTE_FAILED" });
    await expect(openGpuJsRunner(gpu)).rejects.toThrow("slower than webasm");
  });
});
