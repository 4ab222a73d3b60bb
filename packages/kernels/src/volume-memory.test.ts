import { expect, test } from "vitest";
import type { RenderView } from "./kernel-runner.ts";
import { computePlane } from "./compute-plane.ts";
import { computeView } from "./compute-view.ts";
import { engineOf } from "./engine.ts";
import { unitGrid, volumeOf } from "./random-case.fixture.ts";
import { look } from "./random-view.fixture.ts";
import { resliceTask } from "./ray-task.ts";
import { renderReference } from "./reference/render-reference.ts";
import { renderTask } from "./render-task.ts";
import { sharedVolume } from "./shared-volume.ts";
import { unpackView } from "./unpack-view.ts";
import { ResidentKernels } from "./resident-kernels.ts";

const options = { engine: "webasm", budgetBytes: 2 ** 20 } as const;
const padding = { low: -2000, high: -2000 };
const volume = volumeOf(unitGrid, (x, y, z) => (x === 4 ? -2000 : 100 * x + 10 * y + z), undefined, padding);
const view: RenderView = { plane: unitGrid, stepLps: [0.1, 0, 1], steps: 5 };
const at3 = { ...unitGrid, originLps: [0, 0, 3] as const };
const shared = sharedVolume(volume);

const memoryOf = (kernel: unknown) =>
  // oxlint-disable-next-line no-underscore-dangle -- gpu.js' name
  (kernel as { kernel: { _active: { memory: WebAssembly.Memory } } }).kernel._active.memory;

/** Where gpu.js' private methods are not those of the pinned version, this fails. */
test.each([1, 2])("with %s threads all kernels of a volume read one memory, in turn", async (threads) => {
  const kernels = new ResidentKernels({ ...options, threads });
  const [rays, rendering] = [kernels.open(shared, "rays"), kernels.open(shared, "rendering")];
  const expected = renderReference(volume, view, look);
  for (let round = 0; round < 2; round++) {
    const plane = await computePlane(rays, resliceTask(volume, at3));
    expect([...plane.values[0]!.subarray(5, 10)]).toEqual([13, 113, 213, 313, Number.NaN]);
    const seen = await computeView(rendering, renderTask(volume, view, look));
    const rgba = unpackView(seen.values[0]!, seen.values[1]!);
    expect(Math.max(...rgba.map((got, index) => Math.abs(got - expected[index]!)))).toBeLessThanOrEqual(1);
  }
  const memory = memoryOf(await rays.kernelFor(rays.slabs[0]!));
  expect(memory.buffer.byteLength).toBeGreaterThan(2 ** 20);
  expect(memoryOf(await rendering.kernelFor(rays.slabs[0]!))).toBe(memory);
});

test("where gpu.js falls back to its cpu engine, that has the marked voxels, and the engine's name says why", async () => {
  const kernels = new ResidentKernels({ ...options, threads: 1 });
  const rays = kernels.open(shared, "rays");
  const kernel = await rays.kernelFor(rays.slabs[0]!);
  // What a kernel does whose result gpu.js cannot store in WebAssembly.
  Object.assign(kernel.kernel, { returnType: "Boolean", translateSource: () => false });
  const plane = await computePlane(rays, resliceTask(volume, at3));
  expect([...plane.values[0]!.subarray(5, 10)]).toEqual([13, 113, 213, 313, Number.NaN]);
  expect(engineOf(plane.kernel, "webasm")).toBe(
    "gpu.js/cpu (fallback from webasm: return type Boolean is not supported on the webasm backend)",
  );
});
