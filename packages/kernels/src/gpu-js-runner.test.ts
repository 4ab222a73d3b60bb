import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Vec3 } from "@releve/domain/vec3";
import { voxelToLps, type GridGeometry, type PlaneGeometry, type Volume } from "@releve/domain/volume";
import { openGpuJsRunner, type GpuJsRunner } from "./gpu-js-runner.ts";
import type { PlaneValues } from "./kernel-runner.ts";
import { buildCase, onTheEdge, randomCase, unitGrid, volumeOf } from "./random-case.fixture.ts";
import type { Slab } from "./ray-task.ts";
import { projectReference } from "./reference/project-reference.ts";
import { pixelLps, resliceReference } from "./reference/reslice-reference.ts";

const engines = [
  { engine: "webasm", threads: 1 },
  { engine: "webasm", threads: 2 },
  { engine: "cpu", threads: 1 },
] as const;

async function collect(planes: AsyncIterable<PlaneValues>): Promise<Float32Array[]> {
  const all: Float32Array[] = [];
  for await (const plane of planes) all.push(plane.values);
  return all;
}

/** 4,000 stored values between neighbours, an index error of 1e-5 (float32), a slope of up to 2, three axes. */
const toleranceHu = 0.25;

function disagreements(values: Float32Array, expected: Float64Array, slab: Slab, volume: Volume): string[] {
  return [...expected].flatMap((want, index) => {
    const got = values[index]!;
    if (Number.isNaN(want) ? Number.isNaN(got) : Math.abs(got - want) < toleranceHu) return [];
    const column = index % slab.plane.columns;
    const row = Math.floor(index / slab.plane.columns);
    return onTheEdge(volume.geometry, slab, column, row) ? [] : [`${column},${row}: ${got}, not ${want}`];
  });
}

describe.each(engines)("$engine with $threads threads", (options) => {
  let runner: GpuJsRunner;
  beforeAll(async () => {
    runner = await openGpuJsRunner(options);
  });
  afterAll(() => runner.close());

  test("names the engine that really computed", () => {
    expect(runner.engine).toBe(`gpu.js/${options.engine}`);
  });

  test("agrees with the float64 reference on random sheared grids, planes and slabs", async () => {
    await fc.assert(
      fc.asyncProperty(randomCase, async (given) => {
        const { volume, slab } = buildCase(given);
        const [resliced] = await collect(runner.reslice(volume, [slab.plane]));
        const wanted = resliceReference(volume, slab.plane);
        expect(disagreements(resliced!, wanted, { ...slab, steps: 1 }, volume)).toEqual([]);
        const [projected] = await collect(runner.project(volume, [slab], given.projection));
        const expected = projectReference(volume, slab, given.projection);
        expect(disagreements(projected!, expected, slab, volume)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  test("samples on every face and corner are inside, half a voxel beyond they are not", async () => {
    const volume = volumeOf(unitGrid, (x, y, z) => 100 * x + 10 * y + z);
    const plane = { columns: 7, rows: 6, columnStepLps: [1, 0, 0], rowStepLps: [0, 1, 0] } as const;
    const faces = await collect(
      runner.reslice(volume, [
        { ...plane, originLps: [-1, -1, 0] },
        { ...plane, originLps: [-1, -1, 5] },
        { ...plane, originLps: [-1, -1, 5.5] },
      ]),
    );
    const at = (face: number, column: number, row: number) => faces[face]![(row + 1) * 7 + column + 1];
    expect([at(0, 0, 0), at(0, 4, 3), at(1, 0, 3), at(1, 4, 0)]).toEqual([0, 430, 35, 405]);
    expect([at(0, -1, 0), at(0, 5, 0), at(0, 0, -1), at(0, 0, 4)]).toEqual(Array(4).fill(Number.NaN));
    expect(faces[2]!.every(Number.isNaN)).toBe(true);
  });

  test("a ramp with slope 0.05 is exact within 0.01 on a tilted grid of 500 columns, far from the origin", async () => {
    const [a, b, c, k] = [0.5, 0.25, -0.75, 100];
    const geometry: GridGeometry = {
      columns: 500,
      rows: 40,
      slices: 9,
      originLps: [-480, 311, -1200],
      columnStepLps: [0.97, 0, 0],
      rowStepLps: [0, 0.93, 0.249],
      sliceStepLps: [0, 0, 3],
    };
    const real = (p: Vec3) => a * p[0] + b * p[1] + c * p[2] + k;
    const values = Float32Array.from({ length: 500 * 40 * 9 }, (_, index) =>
      real(voxelToLps(geometry, index % 500, Math.floor(index / 500) % 40, Math.floor(index / 20_000))),
    );
    const plane: PlaneGeometry = {
      columns: 470,
      rows: 20,
      originLps: [-470, 315, -1194],
      columnStepLps: [1, 0.02, 0.011],
      rowStepLps: [0, 0.6, 0.8],
    };
    const [got] = await collect(runner.reslice({ geometry, voxels: { kind: "real", values } }, [plane]));
    const inside = got!.filter((value) => !Number.isNaN(value));
    expect(inside.length).toBeGreaterThan(7000);
    got!.forEach((value, index) => {
      if (Number.isNaN(value)) return;
      expect(Math.abs(value - real(pixelLps(plane, index % 470, Math.floor(index / 470))))).toBeLessThan(
        0.01,
      );
    });
  });

  test("a ray of 2,500 samples is not cut off at 1,000", async () => {
    const geometry = { ...unitGrid, columns: 2, rows: 2, slices: 2500 };
    const volume = volumeOf(geometry, (_x, _y, z) => (z === 2499 ? 3000 : 1));
    const slab: Slab = {
      plane: {
        columns: 1,
        rows: 1,
        originLps: [0, 0, 1249.5],
        columnStepLps: [1, 0, 0],
        rowStepLps: [0, 1, 0],
      },
      stepLps: [0, 0, 1],
      steps: 2500,
    };
    expect((await collect(runner.project(volume, [slab], "max")))[0]![0]).toBe(3000);
    expect((await collect(runner.project(volume, [slab], "min")))[0]![0]).toBe(1);
    const mean = (await collect(runner.project(volume, [slab], "mean")))[0]![0]!;
    expect(mean).toBeCloseTo((2499 + 3000) / 2500, 6);
  });

  test("the mean of 10,000 times 0.1 is 0.1 to float32's last digit", async () => {
    const geometry = { ...unitGrid, columns: 2, rows: 2, slices: 10_000 };
    const volume: Volume = {
      geometry,
      voxels: { kind: "real", values: new Float32Array(40_000).fill(0.1) },
    };
    const plane = { ...unitGrid, columns: 1, rows: 1, originLps: [0, 0, 4999.5] } as const;
    const [mean] = await collect(
      runner.project(volume, [{ plane, stepLps: [0, 0, 1], steps: 10_000 }], "mean"),
    );
    expect(Math.abs(mean![0]! - 0.1)).toBeLessThan(2e-8);
  });

  test("a sample that a padding voxel has weight in is outside; next to it, on voxel centres, all is kept", async () => {
    const padding = { low: -2000, high: -2000 };
    const volume = volumeOf(unitGrid, (x, y, z) => (x === 2 ? -2000 : 10 * y + z), undefined, padding);
    const plane: PlaneGeometry = {
      columns: 9,
      rows: 1,
      originLps: [0, 1, 3.00001],
      columnStepLps: [0.5, 0, 0],
      rowStepLps: [0, 1, 0],
    };
    const [line] = await collect(runner.reslice(volume, [plane]));
    expect([...line!]).toEqual([13, 13, 13, NaN, NaN, NaN, 13, 13, 13]);
    const slab: Slab = { plane: { ...plane, columns: 1 }, stepLps: [1, 0, 0], steps: 9 };
    expect((await collect(runner.project(volume, [slab], "mean")))[0]![0]).toBe(13);
    expect((await collect(runner.project(volume, [slab], "min")))[0]![0]).toBe(13);
  });

  test("a voxel that is not finite is a gap", async () => {
    const values = new Float32Array(120).fill(2.5);
    values[1] = Number.NaN;
    const volume: Volume = { geometry: unitGrid, voxels: { kind: "real", values } };
    const [plane] = await collect(runner.reslice(volume, [unitGrid]));
    expect([...plane!.subarray(0, 4)]).toEqual([2.5, NaN, 2.5, 2.5]);
  });

  test("an abort ends the iteration with the signal's reason", async () => {
    const volume = volumeOf(unitGrid, () => 1);
    const abort = new AbortController();
    const seen: PlaneValues[] = [];
    const reading = (async () => {
      for await (const plane of runner.reslice(
        volume,
        Array.from({ length: 50 }, () => unitGrid),
        abort.signal,
      )) {
        seen.push(plane);
        abort.abort(new Error("claim lost"));
      }
    })();
    await expect(reading).rejects.toThrow("claim lost");
    expect(seen).toHaveLength(1);
  });
});

test("an index above 2^24 finds its own voxel: 300 x 300 x 300, the last ones", async () => {
  const geometry = { ...unitGrid, columns: 300, rows: 300, slices: 300 };
  const values = new Uint16Array(new SharedArrayBuffer(300 ** 3 * 2));
  for (let index = 0; index < values.length; index++) values[index] = (index * 40_503) & 0xffff;
  const runner = await openGpuJsRunner({ engine: "webasm", threads: 1 });
  const volume: Volume = { geometry, voxels: { kind: "stored", values, slope: 1, intercept: 0 } };
  const [plane] = await collect(runner.reslice(volume, [{ ...geometry, originLps: [0, 0, 299] }]));
  await runner.close();
  expect(plane).toEqual(Float32Array.from(values.subarray(299 * 300 * 300)));
});

test("a volume of which not even six slices fit is refused with the numbers, and the runner goes on", async () => {
  const runner = await openGpuJsRunner({ engine: "webasm", threads: 1, budgetBytes: 2 ** 18 });
  const large = volumeOf({ ...unitGrid, columns: 120, rows: 100, slices: 60 }, () => 1);
  await expect(collect(runner.reslice(large, [unitGrid]))).rejects.toMatchObject({
    code: "KERNEL_VOLUME_TOO_LARGE",
    retry: "never",
    neededBytes: 6 * 48_000,
    budgetBytes: 2 ** 18,
  });
  const small = volumeOf(unitGrid, () => 9);
  expect((await collect(runner.reslice(small, [unitGrid])))[0]![0]).toBe(9);
  await runner.close();
});

test("volumes that do not fit together take turns", async () => {
  const runner = await openGpuJsRunner({ engine: "webasm", threads: 1, budgetBytes: 600 });
  const volumes = [1, 2, 3].map((value) => volumeOf(unitGrid, () => value));
  for (let round = 0; round < 2; round++)
    for (const [index, volume] of volumes.entries())
      expect((await collect(runner.reslice(volume, [unitGrid])))[0]![0]).toBe(index + 1);
  await runner.close();
});

test("after close every request fails instead of waiting", async () => {
  const runner = await openGpuJsRunner({ engine: "cpu", threads: 1 });
  await runner.close();
  const volume = volumeOf(unitGrid, () => 1);
  await expect(collect(runner.reslice(volume, [unitGrid]))).rejects.toMatchObject({
    code: "KERNEL_WORKER_LOST",
  });
});
