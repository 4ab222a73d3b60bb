/**
 * The SIMD engine beside VTK 9: the same voxels, planes, steps and number of threads, a frame of one and a frame of the other
 * in turn, three views of each kind. Ours is measured from the call to the pixels in the caller's memory, VTK's is its Update or
 * Render alone. Pictures are compared, so that nobody is fast with another image. Processor time is printed beside: on a machine
 * that does other work too it says more than the clock.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Volume } from "@releve/domain/volume";
import type { RenderLook } from "@releve/kernels/kernel-runner";
import { openSimdEngine, type SimdEngine } from "@releve/kernels/simd/open-simd-engine";
import { benchRow, median, type BenchRow } from "./bench-row.ts";
import { realCt } from "./kernels-ct.ts";
import { colourDifference, greyDifference, greyRange, valueDifference } from "./kernels-difference.ts";
import { placeOf, pixels, views, type Place, type View } from "./kernels-view.ts";
import { benchVolume } from "./kernels-volume.ts";
import { startVtk, vtkAbsent, vtkIsThere, type Vtk } from "./vtk-process.ts";

const threads = 2;

/** Bone in 2,000 HU; opaque within millimetres, so that rays end early, as readers set it. */
const look: RenderLook = {
  points: [
    { value: 150, rgb: [0.7, 0.3, 0.2], opacityPerMm: 0 },
    { value: 400, rgb: [1, 0.85, 0.7], opacityPerMm: 0.5 },
    { value: 1500, rgb: [1, 1, 0.95], opacityPerMm: 1.5 },
  ],
  ambient: 0.2,
  diffuse: 0.7,
  specular: 0.2,
  shininess: 10,
  backgroundRgb: [0, 0, 0],
  clip: [],
};

/** `runs` a view; one more run warms up where there is more than one. */
type Peer = {
  readonly name: string;
  readonly op: "reslice" | "slab" | "largest" | "render";
  readonly runs: number;
};

const rayCaster = "VTK's fixed-point ray caster";
const slabs = { name: "vtkImageSlabReslice", op: "slab" } as const;

type Kind = {
  readonly name: string;
  readonly depthMm: number;
  readonly op: "reslice" | "project" | "render";
  readonly runs: number;
  readonly peers: readonly Peer[];
};

const kinds: readonly Kind[] = [
  {
    name: "oblique MPR",
    depthMm: 0,
    op: "reslice",
    runs: 15,
    peers: [{ name: "vtkImageReslice", op: "reslice", runs: 15 }],
  },
  { name: "30 mm slab, largest", depthMm: 30, op: "project", runs: 7, peers: [{ ...slabs, runs: 3 }] },
  {
    name: "shaded volume rendering",
    depthMm: 600,
    op: "render",
    runs: 7,
    peers: [{ name: rayCaster, op: "render", runs: 7 }],
  },
  {
    name: "full-depth MIP",
    depthMm: 600,
    op: "project",
    runs: 5,
    peers: [
      { name: `${rayCaster}, maximum intensity`, op: "largest", runs: 3 },
      { ...slabs, runs: 1 },
    ],
  },
];

type Scene = { readonly name: string; readonly volume: Volume; readonly stepMm: number };
type Bench = { readonly engine: SimdEngine; readonly vtk: Vtk | undefined; readonly dir: string };
/** By the clock, and of all processors, in milliseconds. */
type Took = { readonly ms: number; readonly cpuMs: number };

export async function kernelsBench(): Promise<BenchRow[]> {
  const scenes: Scene[] = [{ name: "synthetic trunk", volume: benchVolume(), stepMm: 0.8 }];
  const ct = await realCt();
  if (ct) scenes.push({ name: "CT of a head", volume: ct, stepMm: 0.5 });
  else process.stdout.write("no real CT lies beside the checkout: the synthetic volume alone\n");
  const dir = await mkdtemp(join(tmpdir(), "releve-bench-"));
  const vtk = vtkIsThere() ? startVtk() : undefined;
  const engine = await openSimdEngine({ threads, budgetBytes: 2 ** 31 });
  try {
    process.stdout.write(`${engine.engine}, ${threads} threads each; ratio below 1 is ours faster\n`);
    const rows: BenchRow[] = [];
    for (const scene of scenes) {
      await vtk?.run(await loadCommand(scene.volume, dir));
      if (scene === scenes[0]) rows.push(await coldStart(scene, vtk, dir));
      for (const kind of kinds) rows.push(await measured(kind, scene, { engine, vtk, dir }));
    }
    return rows;
  } finally {
    await engine.close();
    await vtk?.close();
    await rm(dir, { recursive: true });
  }
}

async function loadCommand({ geometry, voxels }: Volume, dir: string) {
  const file = join(dir, "volume.raw");
  await writeFile(file, new Uint8Array(voxels.values.buffer));
  const { columns, rows, slices, columnStepLps, rowStepLps, sliceStepLps } = geometry;
  const spacingMm = [columnStepLps[0], rowStepLps[1], sliceStepLps[2]];
  return { op: "load", file, size: [columns, rows, slices], spacingMm, threads };
}

function framesOf(kind: Kind, engine: SimdEngine, { volume, stepMm }: Scene, { plane, stepLps }: Place) {
  // As many as VTK takes: one in the middle and as many on both sides as fit.
  const steps = 2 * Math.floor(kind.depthMm / 2 / stepMm) + 1;
  if (kind.op === "reslice") return engine.reslice(volume, [plane]);
  if (kind.op === "project") return engine.project(volume, [{ plane, stepLps, steps }], "max");
  return engine.render(volume, [{ plane, stepLps, steps }], look);
}

async function ourFrame(kind: Kind, engine: SimdEngine, scene: Scene, place: Place) {
  const frames = framesOf(kind, engine, scene, place);
  const [startedMs, cpu] = [performance.now(), process.cpuUsage()];
  for await (const frame of frames) {
    const ms = performance.now() - startedMs;
    const { user, system } = process.cpuUsage(cpu);
    return { ms, cpuMs: (user + system) / 1000, frame };
  }
  throw new Error("no frame was computed");
}

async function measured(kind: Kind, scene: Scene, bench: Bench): Promise<BenchRow> {
  const ours: Took[] = [];
  const peers = kind.peers.map((peer) => ({ ...peer, took: [] as Took[] }));
  for (const along of views)
    for (let run = -1; run < kind.runs; run++) {
      const place = placeOf(scene.volume, along, scene.stepMm, kind.op === "render" ? kind.depthMm / 2 : 0);
      const own = await ourFrame(kind, bench.engine, scene, place);
      if (run >= 0) ours.push(own);
      for (const peer of peers) {
        if (!bench.vtk || run >= peer.runs || (run < 0 && peer.runs === 1)) continue;
        const { took, bytes } = await peerFrame(peer.op, kind, scene, along, bench.vtk, bench.dir);
        if (run >= 0) peer.took.push(took);
        if (run === 0) process.stdout.write(`  ${peer.name}: ${differenceOf(own.frame, peer.op, bytes)}\n`);
      }
    }
  return rowOf(`${scene.name}: ${kind.name}, ${pixels} x ${pixels}`, ours, peers);
}

async function peerFrame(
  op: Peer["op"],
  { depthMm }: Kind,
  { volume, stepMm }: Scene,
  along: View,
  vtk: Vtk,
  dir: string,
) {
  const out = join(dir, "frame.raw");
  // The ray caster's rays begin at the plane, its slabs lie around it.
  const isRays = op === "render" || op === "largest";
  const { vtk: plane } = placeOf(volume, along, stepMm, isRays ? depthMm / 2 : 0);
  const took = await vtk.run({ op, plane, thicknessMm: depthMm, depthMm, stepMm, look, greyRange, out });
  return { took, bytes: await readFile(out) };
}

function differenceOf(
  frame: { readonly values: Float32Array } | { readonly rgba: Uint8ClampedArray },
  op: Peer["op"],
  bytes: Buffer,
): string {
  if ("rgba" in frame) return colourDifference(frame.rgba, bytes, pixels);
  return op === "largest"
    ? greyDifference(frame.values, bytes, pixels)
    : valueDifference(frame.values, bytes);
}

/** Beside the faster of the peers. Prints at once: a run takes minutes. */
function rowOf(
  metric: string,
  ours: readonly Took[],
  peers: readonly { readonly name: string; readonly took: readonly Took[] }[],
): BenchRow {
  const clock = (took: readonly Took[]) => median(took.map(({ ms }) => ms));
  const told = [{ name: "ours", took: ours }, ...peers].filter(({ took }) => took.length > 0);
  for (const { name, took } of told) {
    const least = Math.min(...took.map(({ ms }) => ms));
    const cpu = took.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / took.length;
    process.stdout.write(
      `${metric}: ${name} ${clock(took).toFixed(1)} ms, least ${least.toFixed(1)}, processor time ${cpu.toFixed(1)}\n`,
    );
  }
  const there = peers.filter(({ took }) => took.length > 0).toSorted((a, b) => clock(a.took) - clock(b.took));
  const [fastest] = there;
  const peerName = fastest?.name ?? peers[0]!.name;
  return benchRow(
    { metric, unit: "ms", peerName, ...(!fastest && { withoutPeer: vtkAbsent }) },
    ours.map(({ ms }) => ms),
    fastest?.took.map(({ ms }) => ms) ?? [],
  );
}

/** From voxels in memory and nothing else to the first shaded frame: threads, module, copy, blocks, tables. */
async function coldStart(scene: Scene, vtk: Vtk | undefined, dir: string): Promise<BenchRow> {
  const ours: Took[] = [];
  const kind = kinds.find(({ op }) => op === "render")!;
  const place = placeOf(scene.volume, views[0]!, scene.stepMm, 300);
  for (let run = 0; run < 3; run++) {
    const [startedMs, cpu] = [performance.now(), process.cpuUsage()];
    const engine = await openSimdEngine({ threads, budgetBytes: 2 ** 31 });
    await ourFrame(kind, engine, { ...scene, volume: { ...scene.volume } }, place);
    const { user, system } = process.cpuUsage(cpu);
    ours.push({ ms: performance.now() - startedMs, cpuMs: (user + system) / 1000 });
    await engine.close();
  }
  const command = { op: "render", plane: place.vtk, depthMm: 600, stepMm: scene.stepMm, look };
  const took = vtk ? [await vtk.run({ ...command, out: join(dir, "frame.raw") })] : [];
  const metric = `${scene.volume.geometry.slices} slices in memory to the first shaded frame, engine opened`;
  return rowOf(metric, ours, [{ name: `${rayCaster}, once`, took }]);
}
