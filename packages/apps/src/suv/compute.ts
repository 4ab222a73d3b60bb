/** Scales the volume to SUV, and measures regions of uptake where they are asked for. */
import type { DerivedOutput } from "@releve/dicom/derived/derived-output";
import type { DerivedSeries } from "@releve/dicom/derived/derived-series";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import type { ApplicationResult, ComputeContext, ComputeInput } from "../application.ts";
import { pixelByPixelMultiplication } from "../derivation-codes.ts";
import { imagesOnOwnSlices } from "../geometry/own-slices.ts";
import { sliceThicknessMm } from "../geometry/slice-thickness.ts";
import { voxelVolumeMl } from "../geometry/grid-facts.ts";
import { inThread } from "../in-thread.ts";
import { realValues } from "../real-values.ts";
import { suvKernel } from "./kernel.ts";
import type { MeasuredUptake, UptakeInput } from "./measure-uptake.ts";
import type { SuvParameters, SuvRegion } from "./parameters.ts";
import { refuseSuv } from "./pet-volume.ts";
import { uptakeReport, uptakeSegmentation } from "./region-outputs.ts";
import { suvFactor, type SuvFactor } from "./suv-factor.ts";
import { suvKindFacts } from "./suv-kind.ts";

export const suvVersion = "1";

export async function computeSuv(
  context: ComputeContext<SuvParameters>,
): Promise<ApplicationResult | Refusal> {
  const { parameters, runner, signal, onProgress } = context;
  const [input] = context.inputs;
  const { attributes, lastAttributes } = input;
  const found =
    refuseSuv(input.plan, parameters) ??
    suvFactor(lastAttributes ? [attributes, lastAttributes] : [attributes], parameters.kind);
  if (isRefusal(found)) return found;
  const frames = [realValues(input.volume)];
  const task = { kernel: suvKernel, frames, tables: {}, numbers: { factor: found.factor }, outputs: 1 };
  const { values, engine } = await runner.mapVoxels(task, signal, onProgress);
  const suv = values[0]!;
  if (suv.every((value) => Number.isNaN(value)))
    return refusal("NOTHING_MEASURED", "Every voxel of this volume is padding.");
  const facts = remarksOf(found, input);
  const measured = parameters.region
    ? await measure(input, suv, found, parameters.region, [...facts, `Engine: ${engine}.`], signal)
    : none;
  if (isRefusal(measured)) return measured;
  return {
    outputs: [...(parameters.images ? [suvSeries(input, suv, found)] : []), ...measured.outputs],
    engine,
    remarks: [...facts, ...measured.remarks],
  };
}

type Measured = { readonly outputs: readonly DerivedOutput[]; readonly remarks: readonly string[] };
const none: Measured = { outputs: [], remarks: [] };

function remarksOf({ kind, factor, basis }: SuvFactor, { plan }: ComputeInput): string[] {
  const { title, unit } = suvKindFacts[kind];
  return [
    `${title}, ${unit.codeValue}: the source's values times ${Number(factor.toPrecision(12))}.`,
    basis,
    "What stayed in the syringe is not taken off the dose.",
    ...plan.findings.map(({ reason }) => reason),
  ];
}

function suvSeries(input: ComputeInput, suv: Float32Array, { kind, factor }: SuvFactor): DerivedSeries {
  const { quantity, unit, method, windowTop } = suvKindFacts[kind];
  return {
    kind: "images",
    key: "suv",
    seriesDescription: `${kind} (${unit.codeValue.split("{")[0]})`,
    imageTypeValues: ["SUV"],
    derivationDescription: `${kind}: values times ${Number(factor.toPrecision(12))}`,
    derivationCode: pixelByPixelMultiplication,
    images: imagesOnOwnSlices(input.plan, suv, sliceThicknessMm(input)),
    window: { center: windowTop / 2, width: windowTop },
    realWorld: { quantity, unit, method },
  };
}

async function measure(
  input: ComputeInput,
  suv: Float32Array,
  { kind }: SuvFactor,
  asked: SuvRegion,
  facts: readonly string[],
  signal: AbortSignal,
): Promise<Measured | Refusal> {
  const { geometry } = input.volume;
  const uptake: UptakeInput = { suv, grid: geometry, asked };
  const found = await inThread<MeasuredUptake | Refusal>(uptakeThread, uptake, signal);
  if (isRefusal(found)) return found;
  const { regions, peakVoxels } = found;
  const remarks = [
    ...regionRemarks(found, asked),
    `SUVpeak: the largest mean of ${peakVoxels} voxels (${(peakVoxels * voxelVolumeMl(geometry)).toFixed(2)} ml) around a voxel of the region, for a sphere of 1 ml.`,
  ];
  const source = { plan: input.plan, thicknessMm: sliceThicknessMm(input) };
  const masks = regions.length > 0 ? [uptakeSegmentation(source, regions, asked, suvVersion)] : [];
  return { outputs: [...masks, uptakeReport(regions, kind, [...facts, ...remarks])], remarks };
}

const uptakeThread = new URL("./uptake-thread.ts", import.meta.url);

function regionRemarks(
  { threshold, regions, tooSmall, tooMany }: MeasuredUptake,
  asked: SuvRegion,
): string[] {
  const { mode } = asked.threshold;
  const how = mode === "fixed" ? "" : `, ${asked.threshold.percent} % of the largest value`;
  const where =
    asked.within.shape === "volume"
      ? "in the whole volume"
      : `in the ${asked.within.shape} that was asked for`;
  return [
    `Voxels of at least ${threshold.toFixed(2)}${how}, ${where}; those that touch by a face, an edge or a corner are one region.`,
    ...(regions.length === 0 ? ["No region is that large."] : []),
    ...(tooSmall > 0 ? [`Left out: ${tooSmall} below ${asked.regionMlMin} ml.`] : []),
    ...(tooMany > 0 ? [`Left out: ${tooMany} beyond the ${asked.regionsMax} largest.`] : []),
    ...(asked.within.shape === "volume"
      ? ["Normal uptake (brain, heart, kidneys, bladder) is among the regions."]
      : []),
  ];
}
