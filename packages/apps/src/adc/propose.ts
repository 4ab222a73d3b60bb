/** Finds the diffusion volumes of a study that belong together. */
import { refusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import type { VolumesProposal } from "../application.ts";
import { gridDifference } from "../geometry/own-slices.ts";
import { bValueOf, computedKind, hasLowBValue, refuseDiffusion } from "./diffusion-volumes.ts";
import { defaultAdcParameters, type AdcParameters } from "./parameters.ts";

type Plans = readonly [VolumePlan, ...VolumePlan[]];

/**
 * Each series for itself; what no series of its own completes is put together over the study, because some scanners write
 * a series for each b-value. A series without any diffusion weighting is passed over in silence.
 */
export function proposeAdc(plans: readonly VolumePlan[]): readonly VolumesProposal<AdcParameters>[] {
  const signals = plans.filter(
    (plan) => plan.modality === "MR" && bValueOf(plan) !== undefined && computedKind(plan) === undefined,
  );
  const ofSeries = groupBy(signals, sameSeriesAndGrid);
  const whole = ofSeries.filter(isComplete);
  const parts = ofSeries.filter((group) => !isComplete(group));
  const joined = groupBy(parts.flat(), sameGrid);
  return [...whole, ...joined.filter(isComplete)]
    .map((group): VolumesProposal<AdcParameters> => ({
      plans: inOrder(group),
      parameters: defaultAdcParameters,
    }))
    .concat(
      joined
        .filter((group) => !isComplete(group) && isWeighted(group))
        .map((group) => whyNot(group, signals)),
    );
}

function isComplete(group: readonly VolumePlan[]): boolean {
  return hasLowBValue(group) && refuseDiffusion(group, defaultAdcParameters) === undefined;
}

const isWeighted = (group: readonly VolumePlan[]) => group.some((plan) => bValueOf(plan)! > 0);

function whyNot(group: Plans, signals: readonly VolumePlan[]): VolumesProposal<AdcParameters> {
  const own = refuseDiffusion(group, defaultAdcParameters);
  if (!own) {
    const lowest = Math.min(...group.map((plan) => bValueOf(plan)!));
    const refused = refusal(
      "NO_LOW_B_VALUE",
      `The lowest b-value is ${lowest} s/mm2; the fit begins at 200 or less.`,
    );
    return { plans: group, refused };
  }
  const series = signals.filter((plan) => plan.seriesInstanceUid === group[0].seriesInstanceUid);
  const all = refuseDiffusion(series, defaultAdcParameters);
  return { plans: group, refused: all?.refused === "GEOMETRY_MISMATCH" ? all : own };
}

/** By b-value, else as they come: the geometric mean and the fit do not ask which direction is first. */
function inOrder(group: Plans): Plans {
  return group.toSorted((a, b) => bValueOf(a)! - bValueOf(b)!) as unknown as Plans;
}

function sameSeriesAndGrid(a: VolumePlan, b: VolumePlan): boolean {
  return a.seriesInstanceUid === b.seriesInstanceUid && sameGrid(a, b);
}

function sameGrid(a: VolumePlan, b: VolumePlan): boolean {
  return sameContrast(a) === sameContrast(b) && gridDifference(a, b) === undefined;
}

/** What else may tell volumes of a series apart must agree: an echo, or the phase beside the magnitude, is another signal. */
function sameContrast({ split }: VolumePlan): string {
  const kept = Object.entries(split).filter(([name]) => !variesWithDiffusion.has(name));
  return JSON.stringify(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** b-value, direction and repetition, by whatever the splitter found them. */
const variesWithDiffusion = new Set([
  "bValue",
  "gradient",
  "direction",
  "imageType",
  "temporalPosition",
  "temporalOffsetIndex",
  "triggerTimeIndex",
  "dimension",
  "acquisitionNumber",
  "acquisitionIndex",
  "contentIndex",
  "timeSeconds",
]);

function groupBy(plans: readonly VolumePlan[], same: (a: VolumePlan, b: VolumePlan) => boolean): Plans[] {
  const groups: [VolumePlan, ...VolumePlan[]][] = [];
  for (const plan of plans) {
    const group = groups.find(([first]) => same(first, plan));
    if (group) group.push(plan);
    else groups.push([plan]);
  }
  return groups;
}
