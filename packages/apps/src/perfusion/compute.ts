/** Curves, vessels, deconvolution, maps, lesions: in this order, each refusing what it cannot do. */
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import type { ApplicationResult, ComputeContext } from "../application.ts";
import { sliceThicknessMm } from "../geometry/slice-thickness.ts";
import { readCurves, type Curves } from "./curves.ts";
import { deconvolve, type PerfusionMaps } from "./deconvolve.ts";
import { motionRemark } from "./find-motions.ts";
import { findLesions, type Lesions } from "./lesions.ts";
import { mapOutputs, measurementOutput, regionOutput, type Maps } from "./outputs.ts";
import type { PerfusionParameters } from "./parameters.ts";
import { smoothCurves } from "./smooth-curves.ts";
import { refusePerfusion, timesOf } from "./time-points.ts";
import { perfusionVersion } from "./version.ts";
import { vesselCurves } from "./vessel-curves.ts";
import { readVessels, type Vessels } from "./vessels.ts";

export async function computePerfusion(
  context: ComputeContext<PerfusionParameters>,
): Promise<ApplicationResult | Refusal> {
  const { inputs, parameters } = context;
  const [{ plan }] = inputs;
  const plans = inputs.map((input) => input.plan);
  const refused = refusePerfusion(plans);
  if (refused) return refused;
  const curves = await readCurves(inputs, timesOf(plans), parameters, context.signal);
  if (isRefusal(curves)) return curves;
  const vessels = await readVessels(inputs, curves, parameters);
  if (isRefusal(vessels)) return vessels;
  const { steps, voxels } = curves;
  const smooth = await smoothCurves(steps, voxels, plan.geometry, parameters.smoothingMm, context.signal);
  const perCurve = await deconvolve({ ...curves, steps: smooth }, vessels.aif.curve, parameters, context);
  const maps = onGrid(perCurve, curves, plan);
  const lesions = findLesions(maps.cbf, maps.tmax, plan.geometry, parameters);
  const thicknessMm = sliceThicknessMm(inputs[0]);
  const method = methodOf(plan, curves, parameters);
  const remarks = [method, ...remarksOf(plans, curves, vessels, parameters, lesions)];
  const segmentation = regionOutput(plan, lesions, vessels, thicknessMm, perfusionVersion);
  return {
    outputs: [
      ...mapOutputs(plan, maps, thicknessMm, method),
      segmentation,
      measurementOutput(lesions, segmentation, parameters, vesselCurves(plan, curves.axis, vessels), [
        ...remarks,
        `Computed by ${perCurve.engine}.`,
      ]),
    ],
    engine: perCurve.engine,
    remarks,
  };
}

function onGrid(perCurve: PerfusionMaps, { voxels }: Curves, { geometry }: VolumePlan): Maps {
  const spread = (values: Float32Array) => {
    const all = new Float32Array(geometry.columns * geometry.rows * geometry.slices).fill(Number.NaN);
    for (const [at, voxel] of voxels.entries()) all[voxel] = values[at]!;
    return all;
  };
  return {
    cbf: spread(perCurve.cbf),
    cbv: spread(perCurve.cbv),
    mtt: spread(perCurve.mtt),
    tmax: spread(perCurve.tmax),
  };
}

function methodOf({ modality }: VolumePlan, { axis }: Curves, parameters: PerfusionParameters): string {
  const { truncation, truncationCorrection, haematocritFactor, densityGPerMl, smoothingMm } = parameters;
  const cut =
    truncation.kind === "fixed"
      ? `singular values below ${100 * truncation.fraction} % left out`
      : `oscillation below ${truncation.oscillationMax}`;
  const corrected = truncationCorrection ? ", corrected for the truncation by an exponential residue" : "";
  const signal = modality === "CT" ? "enhancement in HU" : "-ln(S / S0)";
  const smoothed = smoothingMm > 0 ? `, smoothed by ${smoothingMm} mm in the slice` : "";
  return (
    `Block-circulant SVD of ${signal}${smoothed}, ${cut}${corrected}; ${axis.steps.length} steps of ` +
    `${axis.stepSeconds.toFixed(3)} s; haematocrit factor ${haematocritFactor}, density ${densityGPerMl} g/mL.`
  );
}

function remarksOf(
  plans: readonly VolumePlan[],
  { axis, baseline, motions }: Curves,
  { aif, vof, factor }: Vessels,
  { aif: wanted }: PerfusionParameters,
  lesions: Lesions,
): readonly string[] {
  const how = wanted.kind === "found" ? "found automatically, to be checked" : "as marked";
  return [
    `Artery: mean of ${aif.voxels.length} voxels, ${how}: ${placesOf(aif.voxels, plans[0]!)}; baseline: images ${baseline.first + 1} to ${baseline.last + 1}.`,
    ...(vof
      ? [
          `Vein: mean of ${vof.voxels.length} voxels: ${placesOf(vof.voxels, plans[0]!)}; the artery's curve is multiplied by ${factor.toFixed(2)}.`,
        ]
      : []),
    motionRemark(motions),
    "Not corrected: leakage of contrast agent into the tissue, the slices' own times.",
    ...(axis.resampled ? ["The images are unequally spaced in time; their curves were interpolated."] : []),
    Number.isNaN(lesions.normalCbf)
      ? "No tissue is reached in time: there is no normal CBF to compare with, and no core is given."
      : `CBF of normal tissue: ${lesions.normalCbf.toFixed(1)} mL/100 g/min (median where Tmax is at most 4 s).`,
    ...new Set(plans.flatMap((plan) => plan.findings.map(({ reason }) => reason))),
  ];
}

/** As the parameters take them. */
function placesOf(voxels: readonly number[], { geometry: { columns, rows } }: VolumePlan): string {
  const named = voxels.slice(0, placesMax).map((voxel) => {
    const place = [voxel % columns, Math.floor(voxel / columns) % rows, Math.floor(voxel / columns / rows)];
    return `(${place.join(", ")})`;
  });
  const more = voxels.length > placesMax ? " and others" : "";
  return `column, row, slice from 0 ${named.join(" ")}${more}`;
}
const placesMax = 10;
