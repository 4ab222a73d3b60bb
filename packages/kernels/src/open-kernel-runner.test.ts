import { expect, test } from "vitest";
import type { Volume } from "@releve/domain/volume";
import type { PlaneValues } from "./kernel-runner.ts";
import { openKernelRunner } from "./open-kernel-runner.ts";
import { unitGrid, volumeOf } from "./random-case.fixture.ts";

async function first(planes: AsyncIterable<PlaneValues>): Promise<PlaneValues> {
  for await (const plane of planes) return plane;
  throw new Error("nothing was computed");
}

const stored = volumeOf(unitGrid, (x, y, z) => x + 10 * y + 100 * z);
const real: Volume = {
  geometry: unitGrid,
  voxels: { kind: "real", values: Float32Array.from({ length: 120 }, (_, index) => index / 8) },
};

test("stored values go to the SIMD engine, real-world values to gpu.js, and each result names its engine", async () => {
  const runner = await openKernelRunner({ engine: "webasm", threads: 1 });
  expect(runner.engine).toBe("wasm-simd/relaxed, gpu.js/webasm");
  const ofStored = await first(runner.reslice(stored, [unitGrid]));
  expect(ofStored.engine).toBe("wasm-simd/relaxed");
  expect([...ofStored.values]).toEqual([...stored.voxels.values.subarray(0, 20)]);
  const ofReal = await first(runner.reslice(real, [unitGrid]));
  expect(ofReal.engine).toBe("gpu.js/webasm");
  expect([...ofReal.values]).toEqual([...real.voxels.values.subarray(0, 20)]);
  await runner.close();
});

test("stored values that the SIMD engine has no room for are computed in slabs, and the engine's name says why", async () => {
  const tall = volumeOf({ ...unitGrid, slices: 40 }, (x, y, z) => x + 10 * y + 100 * z);
  const runner = await openKernelRunner({ engine: "webasm", threads: 1, budgetBytes: 800 });
  const plane = await first(runner.reslice(tall, [{ ...unitGrid, originLps: [0, 0, 30] }]));
  expect(plane.engine).toBe(
    "gpu.js/webasm (fallback from wasm-simd/relaxed: the volume does not fit its memory)",
  );
  expect([...plane.values]).toEqual([...tall.voxels.values.subarray(600, 620)]);
  await runner.close();
});

test("a volume of which not even a few slices fit is refused with the numbers of the engine that is left", async () => {
  const runner = await openKernelRunner({ engine: "webasm", threads: 1, budgetBytes: 400 });
  await expect(first(runner.reslice(stored, [unitGrid]))).rejects.toMatchObject({
    code: "KERNEL_VOLUME_TOO_LARGE",
    neededBytes: 480,
  });
  await runner.close();
});

test("the oracle runs alone", async () => {
  const runner = await openKernelRunner({ engine: "cpu", threads: 2 });
  expect((await first(runner.reslice(stored, [unitGrid]))).engine).toBe("gpu.js/cpu");
  await runner.close();
});
