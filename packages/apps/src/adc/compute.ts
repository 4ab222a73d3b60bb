/** Fits each voxel's signals over the b-values. */
import type { CodedConcept, DerivedSeries } from "@releve/dicom/derived/derived-series";
import type { ParametricMap } from "@releve/dicom/derived/derived-output";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import { outsideValue } from "@releve/kernels/sampling-rules";
import type { ApplicationResult, ComputeContext } from "../application.ts";
import { diffusionAnalysis } from "../derivation-codes.ts";
import { imagesOnOwnSlices } from "../geometry/own-slices.ts";
import { sliceThicknessMm } from "../geometry/slice-thickness.ts";
import { dcm, ucum } from "../quantity-codes.ts";
import { realValues } from "../real-values.ts";
import { bLevels, directionSpread, type BLevel } from "./b-levels.ts";
import { refuseDiffusion } from "./diffusion-volumes.ts";
import { adcKernel } from "./kernel.ts";
import type { AdcParameters } from "./parameters.ts";

export async function computeAdc(
  context: ComputeContext<AdcParameters>,
): Promise<ApplicationResult | Refusal> {
  const plans = context.inputs.map(({ plan }) => plan);
  const refused = refuseDiffusion(plans, context.parameters);
  if (refused) return refused;
  const levels = bLevels(plans, context.parameters.bValueMin);
  const maps = await fit(context, levels);
  if (isRefusal(maps)) return maps;
  const [{ plan }] = context.inputs;
  const thicknessMm = sliceThicknessMm(context.inputs[0]);
  const adc = imagesOnOwnSlices(plan, maps.adc, thicknessMm);
  const trace = imagesOnOwnSlices(plan, maps.trace, thicknessMm);
  const method = methodOf(levels, context.parameters);
  return {
    outputs: [
      adcMap(adc, method),
      ...(context.parameters.classicImages ? [adcSeries(adc, method)] : []),
      ...(levels.at(-1)!.volumes.length > 1 ? [traceSeries(trace, levels.at(-1)!)] : []),
    ],
    engine: maps.engine,
    remarks: [method, ...levels.flatMap((level) => directionRemarks(level, plans)), ...findings(plans)],
  };
}

type Maps = { readonly adc: Float32Array; readonly trace: Float32Array; readonly engine: string };

async function fit(
  { inputs, parameters, runner, signal, onProgress }: ComputeContext<AdcParameters>,
  levels: readonly BLevel[],
): Promise<Maps | Refusal> {
  const frames = levels.flatMap(({ volumes }) => volumes.map((index) => realValues(inputs[index]!.volume)));
  const table = levelTable(levels);
  const maps = await runner.mapVoxels(
    {
      kernel: adcKernel,
      frames,
      tables: { levels: { columns: 3, values: table.values } },
      numbers: {
        bRange: table.bRange,
        levelCount: levels.length,
        outside: outsideValue,
        signalMin: signalMin(frames[0]!, parameters.backgroundFraction),
        weighted: parameters.weighting === "signal" ? 1 : 0,
      },
      outputs: 2,
    },
    signal,
    onProgress,
  );
  const [adc, trace] = maps.values as [Float32Array, Float32Array];
  if (adc.every((value) => Number.isNaN(value)))
    return refusal("NOTHING_MEASURED", "No voxel has a signal at every b-value.");
  return { adc, trace, engine: maps.engine };
}

/** As the kernel reads it; the frames lie in the order of the levels. */
function levelTable(levels: readonly BLevel[]) {
  const lowest = levels[0]!.bValue;
  const bRange = levels.at(-1)!.bValue - lowest;
  let first = 0;
  const values = levels.flatMap(({ bValue, volumes }) => {
    const row = [(bValue - lowest) / bRange, first, volumes.length];
    first += volumes.length;
    return row;
  });
  return { bRange, values: Float32Array.from(values) };
}

/** Of the first volume at the lowest b-value; the 99th percentile, so that one bright artefact does not blank the rest. */
function signalMin(lowest: Float32Array, fraction: number): number {
  const sorted = lowest.filter((value) => value > 0).toSorted();
  return fraction * (sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0);
}

function methodOf(
  levels: readonly BLevel[],
  { weighting, bValueMin, backgroundFraction }: AdcParameters,
): string {
  const counts = levels.map(({ bValue, volumes }) =>
    volumes.length > 1 ? `${bValue} (${volumes.length} volumes)` : `${bValue}`,
  );
  const weights = weighting === "signal" ? ", weighted by the squared signal" : "";
  const left = bValueMin > 0 ? `; below ${bValueMin} left out` : "";
  const background =
    backgroundFraction > 0 ? `; background below ${100 * backgroundFraction} % left out` : "";
  return `Mono-exponential least squares of the logarithm${weights}, b = ${counts.join(", ")} s/mm2${left}${background}.`;
}

function directionRemarks(level: BLevel, plans: Parameters<typeof directionSpread>[1]): readonly string[] {
  if (level.volumes.length < 2 || level.bValue === 0 || directionSpread(level, plans) !== "uneven") return [];
  return [
    `The ${level.volumes.length} directions at b = ${level.bValue} s/mm2 are not evenly spread: the result is the mean along them, not a third of the trace.`,
  ];
}

const findings = (plans: Parameters<typeof directionSpread>[1]) => [
  ...new Set(plans.flatMap((plan) => plan.findings.map(({ reason }) => reason))),
];

const window = { center: 1500, width: 3000 };
const derived = (derivationDescription: string, derivationCode: CodedConcept) => ({
  derivationDescription,
  derivationCode,
});

function adcMap(images: DerivedSeries["images"], method: string): ParametricMap {
  return {
    kind: "parametric-map",
    key: "adc",
    seriesDescription: "ADC map (um2/s)",
    ...derived(method, diffusionAnalysis),
    quantity: dcm("113041", "Apparent Diffusion Coefficient"),
    unit: ucum("um2/s"),
    method: dcm("113250", "Mono-exponential diffusion model"),
    images,
    window,
  };
}

function adcSeries(images: DerivedSeries["images"], method: string): DerivedSeries {
  return {
    kind: "images",
    key: "adc-images",
    seriesDescription: "ADC (um2/s)",
    imageTypeValues: ["ADC"],
    ...derived(method, diffusionAnalysis),
    images,
    window,
  };
}

function traceSeries(images: DerivedSeries["images"], { bValue, volumes }: BLevel): DerivedSeries {
  return {
    kind: "images",
    key: "trace",
    seriesDescription: `DWI trace b ${bValue}`,
    imageTypeValues: ["TRACE"],
    ...derived(`Geometric mean of ${volumes.length} volumes at b = ${bValue} s/mm2`, diffusionAnalysis),
    images,
  };
}
