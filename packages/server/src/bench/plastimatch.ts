/** Plastimatch's FDK reconstruction: its input files, one run of it, and what it wrote. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CircularScan, ReconstructionGrid } from "@releve/kernels/tomography/circular-scan";

export const plastimatchAbsent =
  "is not installed: apt-get install --no-install-recommends plastimatch brings it";

export function plastimatchIsThere(): boolean {
  return spawnSync("plastimatch", ["--version"]).status === 0;
}

/** Each projection as a Portable FloatMap, and beside it the matrix from mm to its pixels, for a detector through the axis. */
export async function writeScan(dir: string, scan: CircularScan, sourceMm: number): Promise<void> {
  const { anglesRad, binCount, rowCount, binMm, rowMm, projections } = scan;
  const size = binCount * rowCount;
  await mkdir(dir);
  for (const [index, angle] of anglesRad.entries()) {
    const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
    const pixels = projections.slice(index * size, (index + 1) * size);
    const head = Buffer.from(`Pf\n${binCount} ${rowCount}\n-1\n`);
    const lines = [
      [(binCount - 1) / 2, (rowCount - 1) / 2],
      [-sine / binMm, cosine / binMm, 0, 0],
      [0, 0, 1 / rowMm, 0],
      [-cosine / sourceMm, -sine / sourceMm, 0, 1],
      [sourceMm],
      [sourceMm],
      [cosine, sine, 0],
    ];
    const name = join(dir, `p_${String(index).padStart(4, "0")}`);
    await writeFile(`${name}.pfm`, Buffer.concat([head, Buffer.from(pixels.buffer)]));
    await writeFile(`${name}.txt`, `${lines.map((line) => line.join(" ")).join("\n")}\n`);
  }
}

export type PlastimatchRun = {
  /** Of its own timers for filtering and back-projecting; reading and writing files does not count. */
  readonly ms: number;
  /** Of the processor, reading and writing included. */
  readonly cpuMs: number;
  readonly values: Float32Array;
};

/** @throws Error when it fails. */
export async function runPlastimatch(
  input: string,
  output: string,
  { columns, rows, slices, spacingMm }: ReconstructionGrid,
  threads: number,
): Promise<PlastimatchRun> {
  const size = [columns * spacingMm[0], rows * spacingMm[1], slices * spacingMm[2]];
  const args = ["fdk", "-I", input, "-O", output, "-r", `${columns} ${rows} ${slices}`, "-z", size.join(" ")];
  // The shell says what its children took of the processor: first its own, then theirs.
  const child = spawn("/bin/sh", ["-c", 'plastimatch "$@" && times', "sh", ...args], {
    env: { PATH: "/usr/bin:/bin", OMP_NUM_THREADS: String(threads) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`plastimatch ended with ${code}`);
  return {
    ms: spentMs(said),
    cpuMs: processorMs(said),
    values: await readValues(output, columns * rows * slices),
  };
}

/** Seconds with a point, as in `Filter time = 1.9`. */
function spentMs(said: string): number {
  const spent = ["Filter time", "Backprojection time"].map((what) => {
    const seconds = new RegExp(`^${what} = ([\\d.e+-]+)$`, "m").exec(said)?.[1];
    if (seconds === undefined) throw new Error(`plastimatch said nothing of its ${what}`);
    return Number(seconds) * 1000;
  });
  return spent[0]! + spent[1]!;
}

/** The last line: `0m14.17s 0m1.32s`, user and system. */
function processorMs(said: string): number {
  const times = [
    ...said
      .trimEnd()
      .split("\n")
      .at(-1)!
      .matchAll(/(\d+)m([\d.]+)s/g),
  ];
  return times.reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000,
    0,
  );
}

/** The voxels of a MetaImage file are its end. */
async function readValues(file: string, count: number): Promise<Float32Array> {
  const bytes = await readFile(file);
  return new Float32Array(new Uint8Array(bytes.subarray(bytes.length - 4 * count)).buffer);
}
