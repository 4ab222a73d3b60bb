import { expect, test } from "vitest";
import type { VolumePlan } from "@releve/domain/series-split";
import { diffusionPlan, smallGrid, type Weighting } from "./diffusion.fixture.ts";
import { proposeAdc } from "./propose.ts";

const x: Weighting = [1000, [1, 0, 0]];
const y: Weighting = [1000, [0, 1, 0]];
const series = (
  seriesInstanceUid: string,
  weightings: readonly Weighting[],
  changes: Partial<VolumePlan> = {},
) => weightings.map((weighting) => diffusionPlan(weighting, { seriesInstanceUid, ...changes }));

/** b-values of each proposal, or the code of its refusal. */
const said = (plans: readonly VolumePlan[]) =>
  proposeAdc(plans).map((proposal) =>
    "refused" in proposal ? proposal.refused.refused : proposal.plans.map(({ split }) => split["bValue"]),
  );

const geometry = { ...smallGrid, originLps: [0, 0, 3] as const };
const adcMap = ["DERIVED", "PRIMARY", "DIFFUSION", "ADC", "ND"];

test.each<[string, readonly VolumePlan[], readonly (string | readonly number[])[]]>([
  ["b-values in any order", series("1", [x, y, [0]]), [[0, 1000, 1000]]],
  ["a low b-value that is not zero", series("1", [[50], [400], [800]]), [[50, 400, 800]]],
  [
    "two series, each whole",
    [...series("1", [[0], x]), ...series("2", [[0], [500]])],
    [
      [0, 1000],
      [0, 500],
    ],
  ],
  ["a series for each b-value", [...series("1", [[0]]), ...series("2", [[1000]])], [[0, 1000]]],
  ["no weighting at all, as some write it at every image", series("1", [[0]]), []],
  ["no b-value", [diffusionPlan([0], { split: {} })].map((plan) => ({ ...plan, split: {} })), []],
  ["no diffusion of another modality", series("1", [[0], [1000]], { modality: "CT" }), []],
  ["one b-value", series("1", [x, y]), ["B_VALUES_TOO_FEW"]],
  ["no low b-value", series("1", [[500], [1000]]), ["NO_LOW_B_VALUE"]],
  [
    "weighted volumes elsewhere than the others",
    [...series("1", [[0]]), ...series("1", [x], { geometry })],
    ["GEOMETRY_MISMATCH"],
  ],
  [
    "a map beside its source",
    [...series("1", [[0], x]), ...series("1", [[0]], { imageType: adcMap })],
    [[0, 1000]],
  ],
  ["a map alone", series("1", [[1000]], { imageType: adcMap }), []],
  [
    "a computed b-value beside measured ones",
    [
      ...series("1", [[0], x]),
      ...series("1", [[1400]], { imageType: ["DERIVED", "PRIMARY", "DIFFUSION", "CALC_BVALUE"] }),
    ],
    [[0, 1000]],
  ],
])("%s", (_, plans, expected) => {
  expect(said(plans)).toEqual(expected);
});

test("two echoes are two signals", () => {
  const echoes = [1, 2].flatMap((echoNumber) =>
    [[0], x].map((weighting) => diffusionPlan(weighting as unknown as Weighting, { split: { echoNumber } })),
  );
  expect(proposeAdc(echoes).map(({ plans }) => plans.map(({ split }) => split["echoNumber"]))).toEqual([
    [1, 1],
    [2, 2],
  ]);
});
