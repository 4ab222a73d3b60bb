/** Scores the lesions of a calcium scan, per vessel where a reader has named them. */
import type { Measurements } from "@releve/dicom/derived/derived-output";
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { ApplicationResult, ComputeContext } from "../application.ts";
import { sliceThicknessMm } from "../geometry/slice-thickness.ts";
import { inThread } from "../in-thread.ts";
import { volumeRemarks } from "../image-volume.ts";
import { classifyVoxels } from "../regions/classify-voxels.ts";
import { calciumRemarks } from "./acquisition.ts";
import { calciumScoring, coronaryArtery, vesselCodes } from "./codes.ts";
import type { LabelledLesion, LesionWork } from "./label-lesions.ts";
import { weightBoundsHu, type Lesion } from "./lesions.ts";
import { lesionSegmentation, scoreGroup, type LesionSet } from "./outputs.ts";
import type { CalciumParameters, Vessel } from "./parameters.ts";
import { scoresOf, type CalciumScores } from "./scores.ts";

export const calciumVersion = "1";

const threadModule = new URL("./lesion-thread.ts", import.meta.url);

export async function computeCalcium(
  context: ComputeContext<CalciumParameters>,
): Promise<ApplicationResult | Refusal> {
  const { parameters, runner, signal, onProgress } = context;
  const [input] = context.inputs;
  const { volume, plan } = input;
  const acquisition = calciumRemarks(input);
  if (isRefusal(acquisition)) return acquisition;
  const { classes, engine } = await classifyVoxels(volume, weightBoundsHu, runner, signal, onProgress);
  const work: LesionWork = { classes, grid: volume.geometry, labels: parameters.labels };
  const lesions = await inThread<readonly LabelledLesion[] | Refusal>(threadModule, work, signal);
  if (isRefusal(lesions)) return lesions;
  const sets = lesionSets(lesions);
  const segmentation = lesionSegmentation(sets, plan, sliceThicknessMm(input), calciumVersion);
  const score = (some: readonly Lesion[]) => scoresOf(some, volume, parameters.massCalibrationMgPerCm3Hu);
  const remarks = [
    ...lesionRemarks(sets, score, parameters),
    ...methodRemarks(parameters),
    ...acquisition,
    ...volumeRemarks(plan),
  ];
  const reported = reportedSets(sets, parameters.labels.length > 0);
  const measurements: Measurements = {
    kind: "measurements",
    key: "calcium-scores",
    seriesDescription: "Calcium scores",
    procedure: calciumScoring,
    groups: reported.map((set) => scoreGroup(set.label, set.anatomy, score(set.lesions), segmentation)),
    remarks,
  };
  return { outputs: [...(segmentation ? [segmentation] : []), measurements], engine, remarks };
}

const colors = {
  LM: [255, 214, 0],
  LAD: [230, 57, 70],
  LCX: [58, 134, 255],
  RCA: [42, 157, 100],
  unassigned: [160, 160, 160],
} as const;
const coronary = ["LM", "LAD", "LCX", "RCA"] as const;

/** The four vessels and what nobody has named; lesions that are not coronary are in none of them. */
function lesionSets(lesions: readonly LabelledLesion[]): readonly LesionSet[] {
  const of = (vessel: Vessel | undefined) => lesions.filter((lesion) => lesion.vessel === vessel);
  return [
    ...coronary.map((vessel) => ({
      label: vessel,
      anatomy: vesselCodes[vessel],
      colorRgb: colors[vessel],
      lesions: of(vessel),
    })),
    { label: unassigned, colorRgb: colors.unassigned, lesions: of(undefined) },
    { label: notCoronary, colorRgb: colors.unassigned, lesions: of("not-coronary") },
  ];
}
const unassigned = "unassigned";
const notCoronary = "not coronary";

/**
 * A total and the vessels' scores are given only once a reader has named lesions, or where there are none at all: bone and valves
 * are as bright as calcium in a vessel, so a sum over everything would be read as a score of the patient.
 */
function reportedSets(sets: readonly LesionSet[], labelled: boolean): readonly LesionSet[] {
  const vessels = sets.slice(0, coronary.length);
  const rest = sets.filter(({ label, lesions }) => label === unassigned && lesions.length > 0);
  const total: LesionSet = {
    label: "all named vessels",
    anatomy: coronaryArtery,
    colorRgb: colors.unassigned,
    lesions: vessels.flatMap(({ lesions }) => lesions),
  };
  return labelled || rest.length === 0 ? [total, ...vessels, ...rest] : rest;
}

function lesionRemarks(
  sets: readonly LesionSet[],
  score: (lesions: readonly Lesion[]) => CalciumScores,
  { labels }: CalciumParameters,
): readonly string[] {
  const say = (label: string, what: string) => {
    const { lesions } = sets.find((set) => set.label === label)!;
    const { agatston } = score(lesions);
    return lesions.length === 0
      ? []
      : [`${lesions.length} lesions (Agatston ${agatston.toFixed(1)}) ${what}.`];
  };
  return [
    ...say(unassigned, "have no label: they are reported as unassigned and in no vessel's score"),
    ...say(notCoronary, "are labelled as not coronary and left out"),
    ...(labels.length === 0 && sets.some(({ lesions }) => lesions.length > 0)
      ? ["Nobody has labelled lesions: this is not the patient's score; bone and valves are among them."]
      : []),
  ];
}

function methodRemarks({ massCalibrationMgPerCm3Hu: calibration }: CalciumParameters): readonly string[] {
  return [
    "Agatston 1990: at least 130 HU and 1 mm2, pixels joined over edges and corners within a slice, weight by the lesion's peak in the slice; volume and mass of the same voxels, without interpolation.",
    calibration === undefined
      ? "No mass score: it needs the protocol's calibration factor."
      : `Mass with the given calibration of ${calibration} mg/cm3 per HU.`,
  ];
}
