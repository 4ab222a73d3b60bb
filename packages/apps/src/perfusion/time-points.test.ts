import { axialGrid, planOf } from "../known-volume.fixture.ts";
import type { VolumePlan } from "@releve/domain/series-split";
import { expect, test } from "vitest";
import { proposePerfusion, refusePerfusion } from "./time-points.ts";

type Changes = (index: number) => Partial<VolumePlan>;

const series = (count: number, stepSeconds: number, changes: Changes = () => ({})) =>
  Array.from({ length: count }, (_, index) =>
    planOf(axialGrid, {
      split: { temporalPosition: index + 1 },
      timeSeconds: index * stepSeconds,
      ...changes(index),
    }),
  );

const said = (plans: readonly VolumePlan[]) =>
  proposePerfusion(plans).map((proposal) =>
    "refused" in proposal ? proposal.refused.refused : proposal.plans.map(({ timeSeconds }) => timeSeconds),
  );

const named = ["ORIGINAL", "PRIMARY", "AXIAL", "CT_PERFUSION"];
const wide = { ...axialGrid, columnStepLps: [14, 0, 0] as const };

test.each<[string, readonly VolumePlan[], readonly string[]]>([
  ["nine points in time", series(9, 3), []],
  ["the phases of a heartbeat", series(20, 0.05), []],
  ["a trunk", series(20, 2, () => ({ geometry: wide })), []],
  [
    "a trunk that calls itself perfusion, without times",
    series(20, 2, () => ({ geometry: wide, imageType: named, timeSeconds: undefined })),
    ["TIMES_UNKNOWN"],
  ],
  ["an MR series over time", series(20, 2, () => ({ modality: "MR" })), []],
  ["maps over time", series(20, 2, () => ({ imageType: ["DERIVED", "PRIMARY", "PERFUSION"] })), []],
  [
    "perfusion of two grids",
    series(20, 2, (index) => ({ imageType: named, ...(index > 4 && { geometry: wide }) })),
    ["GEOMETRY_MISMATCH"],
  ],
])("%s", (_, plans, expected) => {
  expect(said(plans)).toEqual(expected);
});

test("a head's CT over time is taken in the order of its times, whatever the order of its volumes", () => {
  const times = Array.from({ length: 20 }, (_, index) => index * 2);
  expect(said(series(20, 2).toReversed())).toEqual([times]);
});

test("an MR perfusion skips the first images, which are no steady state", () => {
  const plans = series(40, 1.5, () => ({ modality: "MR", imageType: ["ORIGINAL", "PRIMARY", "PERFUSION"] }));
  expect(proposePerfusion(plans)).toMatchObject([{ parameters: { skippedFrames: 2 } }]);
});

test.each<[string, readonly VolumePlan[], string]>([
  ["few", series(9, 3), "TOO_FEW_TIME_POINTS"],
  ["of PET", series(20, 2, () => ({ modality: "PT" })), "MODALITY_NOT_SUPPORTED"],
  ["of two series", series(20, 2, (index) => ({ seriesInstanceUid: `1.${index % 2}` })), "SEVERAL_SERIES"],
  ["at one time", series(20, 0), "TIMES_UNKNOWN"],
  ["in the wrong order", series(20, 2).toReversed(), "TIMES_UNKNOWN"],
  ["short", series(12, 1), "TOO_SHORT"],
  ["seldom", series(12, 5), "SAMPLED_TOO_SELDOM"],
  [
    "with a gap",
    series(20, 2, (index) => ({ timeSeconds: index < 10 ? index * 2 : 20 + index * 2 })),
    "SAMPLED_TOO_SELDOM",
  ],
])("refused: volumes %s", (_, plans, code) => {
  expect(refusePerfusion(plans)).toMatchObject({ refused: code });
});
