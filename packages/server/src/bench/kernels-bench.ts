/**
 * The SIMD engine beside VTK 9: the same voxels, planes, steps and number of threads, a frame of one and a frame of the other
 * in turn, three views of each kind. Ours is measured from the call to the pixels in the caller's memory, VTK's is its Update or
 * Render alone. Pictures are compared, so that nobody is fast with another image.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { add, cross, normalize, scale, type Vec3 } from "@releve/domain/vec3";
import type { PlaneGeometry, Volume } from "@releve/domain/volume";
import type { RenderLook } from "@releve/kernels/kernel-runner";
import { openSimdEngine, type SimdEngine } from "@releve/kernels/simd/open-simd-engine";
import { benchRow, median, type BenchRow } from "./bench-row.ts";
import { benchVolume } from "./kernels-volume.ts";
import { startVtk, vtkAbsent, vtkIsThere, type Vtk } from "./vtk-process.ts";

const threads = 2;
const runs = 3;
const pixels = 512;
const stepMm = 0.8;

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

const rayCaster = "VTK's fixed-point ray caster";

type View = { readonly right: Vec3; readonly down: Vec3; readonly through: Vec3 };

const view = (through: Vec3, down: Vec3): View => {
  const axis = normalize(through);
  const right = normalize(cross(down, axis));
  return { right, down: cross(axis, right), through: axis };
};

/** From the front and a little above, from the side, and askew to every axis. */
const views = [
  view([0.1, 1, 0.2], [0, 0, -1]),
  view([1, 0.15, 0.1], [0, 0, -1]),
  view([0.6, 0.5, 0.62], [0.1, -0.2, -1]),
];

type Kind = {
  readonly name: string;
  readonly depthMm: number;
  readonly op: "reslice" | "slab" | "render";
  readonly peerName: string;
};

export async function kernelsBench(): Promise<BenchRow[]> {
  const volume = benchVolume();
  const dir = await mkdtemp(join(tmpdir(), "releve-bench-"));
  const vtk = vtkIsThere() ? startVtk() : undefined;
  try {
    await vtk?.run(await loadCommand(volume, dir));
    const cold = await coldStart(volume, vtk, dir);
    const engine = await openSimdEngine({ threads, budgetBytes: 2 ** 31 });
    try {
      process.stdout.write(`${engine.engine}, ${threads} threads each; ratio below 1 is ours faster\n`);
      const kinds: Kind[] = [
        { name: "oblique MPR", depthMm: 0, op: "reslice", peerName: "vtkImageReslice" },
        { name: "30 mm slab, largest", depthMm: 30, op: "slab", peerName: "vtkImageSlabReslice" },
        { name: "full-depth MIP", depthMm: 600, op: "slab", peerName: "vtkImageSlabReslice" },
        { name: "shaded volume rendering", depthMm: 600, op: "render", peerName: rayCaster },
      ];
      const rows: BenchRow[] = [];
      for (const kind of kinds) rows.push(await measured(kind, engine, volume, vtk, dir));
      return [...rows, cold];
    } finally {
      await engine.close();
    }
  } finally {
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

/** The plane in the middle of the volume, or before it for rays. */
function planeOf(volume: Volume, { right, down, through }: View, before: number) {
  const { columns, rows, slices, columnStepLps, rowStepLps, sliceStepLps } = volume.geometry;
  const centre = scale(
    add(add(scale(columnStepLps, columns - 1), scale(rowStepLps, rows - 1)), scale(sliceStepLps, slices - 1)),
    0.5,
  );
  const corner = scale(add(right, down), (-stepMm * (pixels - 1)) / 2);
  const originLps = add(add(centre, corner), scale(through, -before));
  const plane: PlaneGeometry = {
    columns: pixels,
    rows: pixels,
    originLps,
    columnStepLps: scale(right, stepMm),
    rowStepLps: scale(down, stepMm),
  };
  return {
    plane,
    vtk: { origin: originLps, right, down, through, columns: pixels, rows: pixels, pixelMm: stepMm },
  };
}

async function ourFrame(
  kind: Kind,
  engine: SimdEngine,
  volume: Volume,
  { plane }: ReturnType<typeof planeOf>,
  along: View,
) {
  // As many as VTK takes: one in the middle and as many on both sides as fit.
  const steps = 2 * Math.floor(kind.depthMm / 2 / stepMm) + 1;
  const stepLps = scale(along.through, stepMm);
  const frames =
    kind.op === "reslice"
      ? engine.reslice(volume, [plane])
      : kind.op === "slab"
        ? engine.project(volume, [{ plane, stepLps, steps }], "max")
        : engine.render(volume, [{ plane, stepLps, steps }], look);
  const startedMs = performance.now();
  for await (const frame of frames) {
    const ms = performance.now() - startedMs;
    return { ms, pixels: "rgba" in frame ? frame.rgba : frame.values };
  }
  throw new Error("no frame was computed");
}

async function measured(
  kind: Kind,
  engine: SimdEngine,
  volume: Volume,
  vtk: Vtk | undefined,
  dir: string,
): Promise<BenchRow> {
  const [ours, peer, differences]: [number[], number[], string[]] = [[], [], []];
  for (const along of views) {
    const place = planeOf(volume, along, kind.op === "render" ? kind.depthMm / 2 : 0);
    for (let run = -1; run < runs; run++) {
      const own = await ourFrame(kind, engine, volume, place, along);
      const out = join(dir, "frame.raw");
      const { op, depthMm } = kind;
      const ms = await vtk?.run({ op, plane: place.vtk, thicknessMm: depthMm, depthMm, stepMm, look, out });
      if (run < 0) continue; // warms up
      ours.push(own.ms);
      if (ms !== undefined) peer.push(ms);
      if (run === 0 && vtk) differences.push(difference(kind, own.pixels, await readFile(out)));
    }
  }
  if (vtk) process.stdout.write(`${kind.name}: ${differences.join("; ")}\n`);
  const { name: frame, peerName } = kind;
  const metric = `${frame}, ${pixels} x ${pixels}`;
  return benchRow({ metric, unit: "ms", peerName, ...(!vtk && { withoutPeer: vtkAbsent }) }, ours, peer);
}

/** Of the pixels that both have: the share that differs by more than 1 HU, or the median difference in levels of 255. */
function difference(kind: Kind, own: Float32Array | Uint8ClampedArray, bytes: Buffer): string {
  if (kind.op !== "render") {
    const theirs = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    const both = [...own].map((value, at) =>
      Number.isNaN(value) || theirs[at] === -32_768 ? 0 : Math.abs(value - theirs[at]!),
    );
    return `${both.filter((by) => by > 1).length} of ${both.length} pixels differ by more than 1 HU, at most by ${Math.max(0, ...both.toSorted((a, b) => b - a).slice(0, 1)).toFixed(1)}`;
  }
  // VTK's rows run from the bottom up, and have no alpha.
  const levels: number[] = [];
  for (let row = 0; row < pixels; row++)
    for (let column = 0; column < pixels; column++) {
      const [at, there] = [(row * pixels + column) * 4, ((pixels - 1 - row) * pixels + column) * 3];
      if (own[at + 3]! > 0) levels.push(Math.abs(own[at]! - bytes[there]!));
    }
  return `where something is seen, red differs by ${median(levels).toFixed(0)} levels of 255 in the median`;
}

/** From voxels in memory and nothing else to the first shaded frame: threads, module, copy, blocks, tables. */
async function coldStart(volume: Volume, vtk: Vtk | undefined, dir: string): Promise<BenchRow> {
  const ours: number[] = [];
  const kind: Kind = { name: "cold start", depthMm: 600, op: "render", peerName: rayCaster };
  const place = planeOf(volume, views[0]!, 300);
  for (let run = 0; run < 3; run++) {
    const startedMs = performance.now();
    const engine = await openSimdEngine({ threads, budgetBytes: 2 ** 31 });
    await ourFrame(kind, engine, { ...volume }, place, views[0]!);
    ours.push(performance.now() - startedMs);
    await engine.close();
  }
  const out = join(dir, "frame.raw");
  const peer = vtk
    ? [await vtk.run({ op: "render", plane: place.vtk, depthMm: 600, stepMm, look, out })]
    : [];
  const metric = `${volume.geometry.slices} slices in memory to the first shaded frame, engine opened`;
  return benchRow(
    {
      metric,
      unit: "ms",
      peerName: `${rayCaster}, once`,
      ...(!vtk && { withoutPeer: vtkAbsent }),
    },
    ours,
    peer,
  );
}
