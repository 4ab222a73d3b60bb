/** Which volumes are a perfusion series, decided from their plans. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import { length } from "@releve/domain/vec3";
import type { VolumesProposal } from "../application.ts";
import { gridDifference } from "../geometry/own-slices.ts";
import { defaultPerfusionParameters, type PerfusionParameters } from "./parameters.ts";
import { medianInterval } from "./time-axis.ts";

const timePointsMin = 10;
/** A bolus passes in 10 to 15 s: coarser sampling loses its peak. */
const intervalSecondsMax = 4;
/** Late points may be farther apart than that, but not so far that nothing is known in between. */
const gapSecondsMax = 10;
const durationSecondsMin = 20;
/** A head fits; a perfusion of liver, lung or heart is asked for by hand, if at all. */
const headWidthMmMax = 320;

/** Why these volumes give no perfusion, or undefined when they do. */
export function refusePerfusion(plans: readonly VolumePlan[]): Refusal | undefined {
  const [first] = plans;
  if (!first || plans.length < timePointsMin)
    return refusal(
      "TOO_FEW_TIME_POINTS",
      `${plans.length} points in time; at least ${timePointsMin} are needed.`,
    );
  const modality = plans.map((plan) => plan.modality).find((value) => value !== "CT" && value !== "MR");
  if (modality !== undefined || plans.some((plan) => plan.modality !== first.modality))
    return refusal("MODALITY_NOT_SUPPORTED", "Perfusion is computed of one CT or one MR series.");
  if (plans.some((plan) => plan.seriesInstanceUid !== first.seriesInstanceUid))
    return refusal("SEVERAL_SERIES", "The volumes are of several series, whose times cannot be compared.");
  const difference = plans.map((plan) => gridDifference(first, plan)).find((text) => text !== undefined);
  if (difference) return refusal("GEOMETRY_MISMATCH", `The volumes do not lie on one grid: ${difference}.`);
  return refuseTimes(timesOf(plans));
}

function refuseTimes(times: readonly number[]): Refusal | undefined {
  if (times.some((time, index) => !(time > (times[index - 1] ?? Number.NEGATIVE_INFINITY))))
    return refusal("TIMES_UNKNOWN", "Nothing says how many seconds lie between the volumes.");
  const seconds = times.at(-1)! - times[0]!;
  if (seconds < durationSecondsMin)
    return refusal(
      "TOO_SHORT",
      `The series lasts ${seconds.toFixed(1)} s; at least ${durationSecondsMin} s are needed.`,
    );
  const interval = medianInterval(times);
  const gap = Math.max(...times.slice(1).map((time, index) => time - times[index]!));
  if (interval > intervalSecondsMax || gap > gapSecondsMax)
    return refusal(
      "SAMPLED_TOO_SELDOM",
      `A volume every ${interval.toFixed(1)} s, with gaps up to ${gap.toFixed(1)} s; ${intervalSecondsMax} and ${gapSecondsMax} s are the limits.`,
    );
  return undefined;
}

/** In the order of the plans; NaN where a plan says none. */
export function timesOf(plans: readonly VolumePlan[]): readonly number[] {
  return plans.map(({ timeSeconds }) => timeSeconds ?? Number.NaN);
}

/**
 * A head's CT over time, or an MR series that calls itself perfusion: other MR series over time (functional, contrast-enhanced,
 * cardiac) look the same from outside. What calls itself perfusion and cannot be computed is refused with the reason.
 */
export function proposePerfusion(
  plans: readonly VolumePlan[],
): readonly VolumesProposal<PerfusionParameters>[] {
  const series = [...Map.groupBy(plans, ({ seriesInstanceUid }) => seriesInstanceUid).values()];
  return series.flatMap((members): readonly VolumesProposal<PerfusionParameters>[] => {
    const sorted = members.filter(isSource).toSorted((a, b) => (a.timeSeconds ?? 0) - (b.timeSeconds ?? 0));
    const [first, ...others] = sorted;
    if (!first || sorted.length < timePointsMin) return [];
    const named = first.imageType.some((value) => /PERFUSION/i.test(value));
    if (!named && (first.modality !== "CT" || widthMm(first) > headWidthMmMax)) return [];
    const refused = refusePerfusion(sorted);
    if (refused) return named ? [{ plans: [first, ...others], refused }] : [];
    return [{ plans: [first, ...others], parameters: suggestPerfusion(sorted) }];
  });
}

export function suggestPerfusion([first]: readonly VolumePlan[]): PerfusionParameters {
  // The first MR images are brighter until the magnetisation is steady.
  return { ...defaultPerfusionParameters, skippedFrames: first?.modality === "MR" ? 2 : 0 };
}

const isSource = ({ modality, imageType }: VolumePlan) =>
  (modality === "CT" || modality === "MR") && imageType[0] !== "DERIVED";

const widthMm = ({ geometry }: VolumePlan) =>
  Math.max(geometry.columns * length(geometry.columnStepLps), geometry.rows * length(geometry.rowStepLps));
