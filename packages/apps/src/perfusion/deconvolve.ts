/** Runs the deconvolution over all curves and turns residues into quantities. */
import type { KernelRunner } from "@releve/kernels/kernel-runner";
import type { Curves } from "./curves.ts";
import { residueKernel, truncationKernel } from "./kernel.ts";
import type { PerfusionParameters } from "./parameters.ts";
import { quantitiesOf } from "./quantities.ts";
import { lagRange, type LagRange } from "./residue-peak.ts";
import { inverseTable, ladder, truncatedInverses, type TruncatedInverse } from "./truncated-inverses.ts";
import { truncationModel } from "./truncation-model.ts";

export type PerfusionMaps = {
  readonly cbf: Float32Array;
  readonly cbv: Float32Array;
  readonly mtt: Float32Array;
  readonly tmax: Float32Array;
  readonly engine: string;
};

type Run = {
  readonly runner: KernelRunner;
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number) => void;
};

/** One value per curve; times in s, see quantities.ts. */
export async function deconvolve(
  { steps, axis }: Curves,
  aif: readonly number[],
  parameters: PerfusionParameters,
  run: Run,
): Promise<PerfusionMaps> {
  const { truncation, truncationCorrection, haematocritFactor, densityGPerMl } = parameters;
  const fractions = truncation.kind === "fixed" ? [truncation.fraction] : ladder();
  const inverses = truncatedInverses(aif, axis.stepSeconds, fractions);
  const range = lagRange(axis.stepSeconds, aif.length);
  const oscillationMax = truncation.kind === "fixed" ? 0 : truncation.oscillationMax;
  const { levels, peaks, lags, engine } = await runKernels(steps, inverses, range, oscillationMax, run);
  const models = truncationCorrection ? truncationModel(aif, axis.stepSeconds, inverses, range) : undefined;
  const areas = areaRatios(steps, aif);
  const [cbf, cbv, mtt, tmax] = [0, 1, 2, 3].map(() => new Float32Array(areas.length)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  for (const [voxel, areaRatio] of areas.entries()) {
    const residue = {
      areaRatio,
      peakPerSecond: peaks[voxel]!,
      lagSeconds: lags[voxel]! * axis.stepSeconds,
    };
    const quantities = quantitiesOf(residue, haematocritFactor / densityGPerMl, models?.[levels[voxel]!]);
    cbf[voxel] = quantities.cbf;
    cbv[voxel] = quantities.cbv;
    mtt[voxel] = quantities.mttSeconds;
    tmax[voxel] = quantities.tmaxSeconds;
  }
  return { cbf, cbv, mtt, tmax, engine };
}

/** The first kernel does most of the work: it tries several truncations. */
const firstShare = 0.7;

async function runKernels(
  steps: readonly Float32Array[],
  inverses: readonly TruncatedInverse[],
  { min: lagMin, max: lagMax }: LagRange,
  oscillationMax: number,
  { runner, signal, onProgress }: Run,
) {
  const tables = { inverse: inverseTable(inverses) };
  const size = 2 * steps.length;
  const numbers = { count: steps.length, lagMax, lagMin, size };
  const rounds = Math.ceil(Math.log2(inverses.length)) + 1;
  const found = await runner.mapVoxels(
    {
      kernel: truncationKernel,
      frames: steps,
      tables,
      numbers: { ...numbers, oscillationMax, levels: inverses.length, rounds },
      outputs: 1,
    },
    signal,
    (fraction) => onProgress(fraction * firstShare),
  );
  const [levels] = found.values as [Float32Array];
  const residues = await runner.mapVoxels(
    { kernel: residueKernel, frames: [...steps, levels], tables, numbers, outputs: 2 },
    signal,
    (fraction) => onProgress(firstShare + fraction * (1 - firstShare)),
  );
  const [peaks, lags] = residues.values as [Float32Array, Float32Array];
  const engines = new Set([found.engine, residues.engine]);
  return { levels, peaks, lags, engine: [...engines].join(", ") };
}

/** Over the whole series, in float64. */
function areaRatios(steps: readonly Float32Array[], aif: readonly number[]): Float64Array {
  const aifArea = aif.reduce((sum, value) => sum + value, 0);
  const areas = new Float64Array(steps[0]!.length);
  for (const step of steps) for (let voxel = 0; voxel < areas.length; voxel++) areas[voxel]! += step[voxel]!;
  return areas.map((area) => area / aifArea);
}
