/**
 * Filtered back-projection of 256^3 voxels from 180 projections, beside plastimatch's FDK: the same projections of the Shepp-Logan
 * phantom, grid and number of threads, a run of one and a run of the other in turn. Ours is measured from the call to the voxels in
 * the caller's memory; plastimatch's is its own timers for the same work, without its files. Pictures are compared with the phantom:
 * plastimatch takes the nearest pixel of a projection, ours mixes four.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSimdEngine, type SimdEngine } from "@releve/kernels/simd/open-simd-engine";
import type { CircularScan, ReconstructionGrid } from "@releve/kernels/tomography/circular-scan";
import { sheppLoganScan } from "@releve/kernels/tomography/shepp-logan-scan";
import { benchRow, median, type BenchRow } from "./bench-row.ts";
import { phantomSamples, pictureDifference } from "./phantom-difference.ts";
import { plastimatchAbsent, plastimatchIsThere, runPlastimatch, writeScan } from "./plastimatch.ts";

const threads = 2;
const runs = 3;
const size = 256;
const angleCount = 180;
const sourceMm = 1000;
const voxelMm = 200 / size;

const grid: ReconstructionGrid = {
  columns: size,
  rows: size,
  slices: size,
  originMm: [edgeMm(), edgeMm(), edgeMm()],
  spacingMm: [voxelMm, voxelMm, voxelMm],
};

function edgeMm(): number {
  return (-voxelMm * (size - 1)) / 2;
}

const detector = { angleCount, binCount: 256, binMm: 1, rowCount: 256 };

export async function tomographyBench(): Promise<BenchRow[]> {
  const cone = sheppLoganScan({ ...detector, rowMm: 1, turnRad: 2 * Math.PI, sourceMm });
  const parallel = sheppLoganScan({ ...detector, rowMm: voxelMm, turnRad: Math.PI });
  const dir = await mkdtemp(join(tmpdir(), "releve-bench-"));
  const engine = await openSimdEngine({ threads, budgetBytes: 2 ** 31 });
  try {
    process.stdout.write(`${engine.engine}, ${threads} threads each; ratio below 1 is ours faster\n`);
    return [await coneRow(engine, cone, dir), await parallelRow(engine, parallel)];
  } finally {
    await engine.close();
    await rm(dir, { recursive: true });
  }
}

async function ourRun(engine: SimdEngine, scan: CircularScan) {
  const [startedMs, cpu] = [performance.now(), process.cpuUsage()];
  const { values } = await engine.reconstruct(scan, grid);
  const { user, system } = process.cpuUsage(cpu);
  return { ms: performance.now() - startedMs, cpuMs: (user + system) / 1000, values };
}

async function coneRow(engine: SimdEngine, scan: CircularScan, dir: string): Promise<BenchRow> {
  const there = plastimatchIsThere();
  const [input, output] = [join(dir, "projections"), join(dir, "volume.mha")];
  if (there) await writeScan(input, scan, sourceMm);
  const ours: Awaited<ReturnType<typeof ourRun>>[] = [];
  const peer: Awaited<ReturnType<typeof runPlastimatch>>[] = [];
  for (let run = -1; run < runs; run++) {
    const own = await ourRun(engine, scan);
    if (run < 0) continue; // warms up
    ours.push(own);
    if (there) peer.push(await runPlastimatch(input, output, grid, threads));
  }
  report("ours", ours);
  if (there) report("plastimatch, files included", peer);
  const metric = `FDK of a cone, ${size}^3 voxels from ${angleCount} projections`;
  const absent = there ? {} : { withoutPeer: plastimatchAbsent };
  return benchRow(
    { metric, unit: "ms", peerName: "plastimatch fdk", ...absent },
    ours.map(({ ms }) => ms),
    peer.map(({ ms }) => ms),
  );
}

function report(
  name: string,
  made: readonly { readonly cpuMs: number; readonly values: Float32Array }[],
): void {
  const { values } = made.at(-1)!;
  const { scale, offset, medianOff } = pictureDifference(values, phantomSamples(grid, 4));
  const cpu = (median(made.map(({ cpuMs }) => cpuMs)) / 1000).toFixed(1);
  const fit = `${scale.toPrecision(4)} x + ${offset.toFixed(3)}`;
  process.stdout.write(
    `${name}: ${cpu} s of the processor; ${fit} is the phantom, but for ${medianOff.toFixed(4)} in the median (skull 1, brain 0.2)\n`,
  );
}

async function parallelRow(engine: SimdEngine, scan: CircularScan): Promise<BenchRow> {
  const ours: Awaited<ReturnType<typeof ourRun>>[] = [];
  for (let run = 0; run < runs; run++) ours.push(await ourRun(engine, scan));
  report("ours, parallel beams", ours);
  const metric = `FBP of parallel beams, ${size}^3 voxels from ${angleCount} projections`;
  const what = { metric, unit: "ms", peerName: "plastimatch", withoutPeer: "has no parallel beams" };
  return benchRow(
    what,
    ours.map(({ ms }) => ms),
    [],
  );
}
