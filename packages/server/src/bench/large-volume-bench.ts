/**
 * 3,000 slices of 512 x 512: 1.5 GiB of stored values, more than gpu.js holds at once in float32. Shows that a node takes it, how
 * long a plane takes and how much memory beside the volume. Every plane is compared with its known answer.
 */
import type { PlaneGeometry, Volume } from "@releve/domain/volume";
import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { openKernelRunner } from "@releve/kernels/open-kernel-runner";
import { benchRow, type BenchRow } from "./bench-row.ts";

const [edge, slices] = [512, 3000];
const options = { engine: "webasm", threads: 2 } as const;
const peer = { peerName: "a peer", withoutPeer: "was not asked for this size" };

/** Every voxel is the number of its slice: so is every sample. */
function largeVolume(): Volume {
  const values = new Int16Array(new SharedArrayBuffer(edge * edge * slices * 2));
  for (let slice = 0; slice < slices; slice++)
    values.fill(slice, slice * edge * edge, (slice + 1) * edge * edge);
  const geometry = {
    columns: edge,
    rows: edge,
    slices,
    originLps: [0, 0, 0],
    columnStepLps: [1, 0, 0],
    rowStepLps: [0, 1, 0],
    sliceStepLps: [0, 0, 1],
  } as const;
  return { geometry, voxels: { kind: "stored", values, slope: 1, intercept: 0 } };
}

const axial: PlaneGeometry = {
  columns: edge,
  rows: edge,
  originLps: [0, 0, 10.5],
  columnStepLps: [1, 0, 0],
  rowStepLps: [0, 1, 0],
};
const coronal: PlaneGeometry = {
  ...axial,
  originLps: [0, 200, 0],
  rowStepLps: [0, 0, (slices - 1) / (edge - 1)],
};

export async function largeVolumeBench(): Promise<BenchRow[]> {
  const volume = largeVolume();
  return [
    ...(await rowsOf("the node's runner", await openKernelRunner(options), volume)),
    ...(await rowsOf("gpu.js webasm, in slabs", await openGpuJsRunner(options), volume)),
  ];
}

async function rowsOf(name: string, runner: GpuJsRunner, volume: Volume): Promise<BenchRow[]> {
  const before = process.memoryUsage.rss();
  const first = await planeMs(runner, volume, axial);
  const again = [await planeMs(runner, volume, axial), await planeMs(runner, volume, axial)];
  const through = [await planeMs(runner, volume, coronal), await planeMs(runner, volume, coronal)];
  const mib = (process.memoryUsage.rss() - before) / 2 ** 20;
  await runner.close();
  const size = `${slices} slices of ${edge} x ${edge}, ${name}`;
  return [
    benchRow(
      { metric: `${size}: the first plane, with the volume's copy`, unit: "ms", ...peer },
      [first],
      [],
    ),
    benchRow({ metric: `${size}: the same plane again`, unit: "ms", ...peer }, again, []),
    benchRow({ metric: `${size}: a plane through all slices`, unit: "ms", ...peer }, through, []),
    benchRow({ metric: `${size}: memory beside the volume`, unit: "MiB", ...peer }, [mib], []),
  ];
}

/** @throws Error for a plane that is not right. */
async function planeMs(runner: GpuJsRunner, volume: Volume, plane: PlaneGeometry): Promise<number> {
  const start = performance.now();
  for await (const { values } of runner.reslice(volume, [plane])) {
    const ms = performance.now() - start;
    const wrong = values.findIndex((value, pixel) => {
      const slice = plane.originLps[2] + Math.floor(pixel / edge) * plane.rowStepLps[2];
      return !(Math.abs(value - slice) < 0.01);
    });
    if (wrong >= 0) throw new Error(`pixel ${wrong} is ${values[wrong]}`);
    return ms;
  }
  throw new Error("no plane came");
}
