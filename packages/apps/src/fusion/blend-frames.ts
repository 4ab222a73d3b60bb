/** Mixes pairs of planes with the kernel, some at a time: it is compiled once for each batch, and memory stays bounded. */
import type { KernelRunner } from "@releve/kernels/kernel-runner";
import { hotIron } from "./hot-iron.ts";
import { blendKernel } from "./kernel.ts";
import type { Look } from "./look.ts";

/** Of one plane: NaN outside of the volume. */
export type PlanePair = {
  readonly ct: Float32Array;
  readonly pet: Float32Array;
  readonly engines: readonly string[];
};

export type Blended = {
  /** RGB, interleaved. */
  readonly frames: readonly Uint8Array[];
  readonly engines: readonly string[];
  readonly showsCt: boolean;
  readonly showsPet: boolean;
};

/** 32 MiB of float32 for each of CT, PET and colours. */
const batchPixelsMax = 2 ** 23;

export async function blendFrames(
  runner: Pick<KernelRunner, "mapVoxels">,
  pairs: AsyncIterable<PlanePair>,
  look: Look,
  progress: {
    readonly total: number;
    readonly onProgress: (fraction: number) => void;
    readonly signal: AbortSignal;
  },
): Promise<Blended> {
  const frames: Uint8Array[] = [];
  const engines = new Set<string>();
  let [showsCt, showsPet] = [false, false];
  let batch: PlanePair[] = [];
  const flush = async () => {
    if (batch.length === 0) return;
    const drawn = await blendBatch(runner, batch, look, progress.signal);
    frames.push(...drawn.frames);
    engines.add(drawn.engine);
    batch = [];
    progress.onProgress(frames.length / progress.total);
  };
  for await (const pair of pairs) {
    batch.push(pair);
    for (const engine of pair.engines) engines.add(engine);
    showsCt ||= pair.ct.some(isMeasured);
    showsPet ||= pair.pet.some(isMeasured);
    if ((batch.length + 1) * pair.ct.length > batchPixelsMax) await flush();
  }
  await flush();
  return { frames, engines: [...engines], showsCt, showsPet };
}

const isMeasured = (value: number) => !Number.isNaN(value);

async function blendBatch(
  runner: Pick<KernelRunner, "mapVoxels">,
  batch: readonly PlanePair[],
  { ctCenter, ctWidth, petTop, alpha }: Look,
  signal: AbortSignal,
): Promise<{ frames: Uint8Array[]; engine: string }> {
  const ctLow = ctCenter - ctWidth / 2;
  const ct = joined(
    batch.map((pair) => pair.ct),
    ctLow,
  );
  const pet = joined(
    batch.map((pair) => pair.pet),
    0,
  );
  const { values, engine } = await runner.mapVoxels(
    {
      kernel: blendKernel,
      frames: [ct, pet],
      tables: { palette: { columns: 3, values: hotIron } },
      numbers: { alpha, ctLow, ctWidth, petTop },
      outputs: 1,
    },
    signal,
  );
  const size = batch[0]!.ct.length;
  return {
    frames: batch.map((_, index) => unpacked(values[0]!.subarray(index * size, (index + 1) * size))),
    engine,
  };
}

/** One after the other; what was not measured becomes `instead`, which is black: the kernel would leave such a pixel out. */
function joined(planes: readonly Float32Array[], instead: number): Float32Array {
  const all = new Float32Array(planes.reduce((sum, plane) => sum + plane.length, 0));
  let at = 0;
  for (const plane of planes) {
    for (const value of plane) all[at++] = Number.isNaN(value) ? instead : value;
  }
  return all;
}

function unpacked(packed: Float32Array): Uint8Array {
  const rgb = new Uint8Array(packed.length * 3);
  for (let at = 0; at < packed.length; at++) {
    const color = packed[at]!;
    rgb[at * 3] = color >> 16;
    rgb[at * 3 + 1] = (color >> 8) & 255;
    rgb[at * 3 + 2] = color & 255;
  }
  return rgb;
}
