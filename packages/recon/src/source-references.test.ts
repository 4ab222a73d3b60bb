import type { VolumePlan } from "@releve/domain/series-split";
import { expect, test } from "vitest";
import { sourceReferences } from "./source-references.ts";

const slice = (sopInstanceUid: string, frameIndex = 0) => ({
  digest: "d",
  sopInstanceUid,
  sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
  frameIndex,
});

function planOf(
  seriesInstanceUid: string,
  slices: VolumePlan["slices"],
  more: Partial<VolumePlan> = {},
): VolumePlan {
  return {
    studyInstanceUid: "1.2",
    seriesInstanceUid,
    modality: "CT",
    sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
    split: {},
    imageType: [],
    geometry: {
      columns: 2,
      rows: 2,
      slices: slices.length,
      originLps: [1, 2, 3],
      columnStepLps: [1, 0, 0],
      rowStepLps: [0, 1, 0],
      sliceStepLps: [0, 0.5, 5],
    },
    regular: true,
    slices,
    findings: [],
    ...more,
  };
}

test("each slice is a source with its series and its place", () => {
  const plans = [planOf("1.2.3", [slice("1.1"), slice("1.2")]), planOf("1.2.4", [slice("1.3")])];
  expect(sourceReferences(plans)).toEqual([
    reference("1.1", "1.2.3", [{ frameNumber: 1, originLps: [1, 2, 3] }]),
    reference("1.2", "1.2.3", [{ frameNumber: 1, originLps: [1, 2.5, 8] }]),
    reference("1.3", "1.2.4", [{ frameNumber: 1, originLps: [1, 2, 3] }]),
  ]);
});

test("a multi-frame object is one source with the frames that were used, by their number", () => {
  const positions = {
    slicePositionsLps: [
      [0, 0, 1],
      [0, 0, 9],
    ] as const,
    regular: false,
  };
  const plan = planOf("1.2.3", [slice("1.1", 4), slice("1.1", 6)], positions);
  expect(sourceReferences([plan])).toEqual([
    reference("1.1", "1.2.3", [
      { frameNumber: 5, originLps: [0, 0, 1] },
      { frameNumber: 7, originLps: [0, 0, 9] },
    ]),
  ]);
});

test("the tiles of a mosaic are no frames: no slice has a frame of its own", () => {
  const tile = { column: 0, row: 0, columns: 2, rows: 2 };
  expect(sourceReferences([planOf("1.2.3", [{ ...slice("1.1"), tile }])])).toEqual([
    reference("1.1", "1.2.3", []),
  ]);
});

function reference(sopInstanceUid: string, seriesInstanceUid: string, frames: readonly unknown[]) {
  return { sopInstanceUid, sopClassUid: "1.2.840.10008.5.1.4.1.1.2", seriesInstanceUid, frames };
}
