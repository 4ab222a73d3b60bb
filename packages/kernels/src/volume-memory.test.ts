import { expect, test } from "vitest";
import type { RenderView } from "./kernel-runner.ts";
import { computePlane } from "./compute-plane.ts";
import { computeView } from "./compute-view.ts";
import { unitGrid, volumeOf } from "./random-case.fixture.ts";
import { look } from "./random-view.fixture.ts";
import { resliceTask } from "./ray-task.ts";
import { renderReference } from "./reference/render-reference.ts";
import { renderTask } from "./render-task.ts";
import { sharedVolume } from "./shared-volume.ts";
import { unpackView } from "./unpack-view.ts";
import { VolumeKernels } from "./volume-kernels.ts";

const options = { engine: "webasm", budgetBytes: 2 ** 20 } as const;
const padding = { low: -2000, high: -2000 };
const volume = volumeOf(unitGrid, (x, y, z) => (x === 4 ? -2000 : 100 * x + 10 * y + z), undefined, padding);
const view: RenderView = { plane: unitGrid, stepLps: [0.1, 0, 1], steps: 5 };
const plane = { ...unitGrid, originLps: [0, 0, 3] as const };

const memoryOf = (kernel: unknown) =>
  // oxlint-disable-next-line no-underscore-dangle -- gpu.js' name
  (kernel as { kernel: { _active: { memory: WebAssembly.Memory } } }).kernel._active.memory;

/** Where gpu.js' private methods are not those of the pinned version, this fails. */
test.each([1, 2])("with %s threads all kernels of a volume read one memory, in turn", async (threads) => {
  const kernels = new VolumeKernels(sharedVolume(volume), { ...options, threads });
  const expected = renderReference(volume, view, look);
  for (let round = 0; round < 2; round++) {
    const values = await computePlane(kernels.kernelFor("rays"), resliceTask(volume, plane));
    expect([...values.subarray(5, 10)]).toEqual([13, 113, 213, 313, Number.NaN]);
    const [colours, opacities] = await computeView(
      kernels.kernelFor("rendering"),
      renderTask(volume, view, look),
    );
    const rgba = unpackView(colours!, opacities!);
    expect(Math.max(...rgba.map((got, index) => Math.abs(got - expected[index]!)))).toBeLessThanOrEqual(1);
  }
  const memory = memoryOf(kernels.kernelFor("rays"));
  expect(memory.buffer.byteLength).toBeGreaterThan(2 ** 20);
  expect(memoryOf(kernels.kernelFor("rendering"))).toBe(memory);
  await kernels.destroy();
});
