import { expect, test } from "vitest";
import { computePlane } from "./compute-plane.ts";
import type { EngineOptions } from "./engine.ts";
import { unitGrid, volumeOf } from "./random-case.fixture.ts";
import { resliceTask } from "./ray-task.ts";
import { ResidentKernels } from "./resident-kernels.ts";
import { sharedVolume } from "./shared-volume.ts";

const volume = volumeOf({ ...unitGrid, slices: 31 }, (x, y, z) => x + 10 * y + 100 * z);
const slabBytes = 10 * unitGrid.columns * unitGrid.rows * 4;
const shared = sharedVolume(volume);

/** A plane in the middle of each slab's own slices, in the order of `visits`. */
async function opened(options: EngineOptions) {
  const of = new ResidentKernels(options).open(shared, "rays");
  const held = () => of.slabs.flatMap((slab, index) => (of.isResident(slab) ? [index] : []));
  const visit = async (index: number) => {
    const slice = of.slabs[index]!.firstSlice + 4;
    const plane = { ...unitGrid, originLps: [0, 0, slice] as const };
    const { values } = await computePlane(of, resliceTask(volume, plane));
    expect([...values[0]!]).toEqual([...volume.voxels.values.subarray(slice * 20, slice * 20 + 20)]);
  };
  return { of, held, visit };
}

test("slabs of a card's largest array stay while the budget has room, the least used one out first", async () => {
  const options = {
    engine: "cpu",
    threads: 1,
    budgetBytes: 3 * slabBytes,
    volumeBytesMax: slabBytes,
  } as const;
  const { of, held, visit } = await opened(options);
  expect(of.slabs.map(({ firstSlice }) => firstSlice)).toEqual([0, 5, 10, 15, 20, 21]);
  for (const index of [0, 1, 2]) await visit(index);
  expect(held()).toEqual([0, 1, 2]);
  await visit(0);
  await visit(4);
  expect(held()).toEqual([0, 2, 4]);
});

test("on webasm the next slab is written into the memory of the one that goes", async () => {
  const { of, held, visit } = await opened({ engine: "webasm", threads: 1, budgetBytes: slabBytes });
  const kernels = new Set<unknown>();
  for (const index of [0, 3, 1, 0]) {
    await visit(index);
    expect(held()).toEqual([index]);
    kernels.add(await of.kernelFor(of.slabs[index]!));
  }
  expect(kernels.size).toBe(1);
});
