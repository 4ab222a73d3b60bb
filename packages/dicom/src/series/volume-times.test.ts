import { mrPhantom, timeVolumes } from "@releve/testkit/phantom/mr-phantom";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import { sharedData } from "@releve/testkit/shared-data";
import { expect, test } from "vitest";
import { parseDicom } from "../data-set/parse-dicom.ts";
import { splitFolder } from "./series.fixture.ts";
import { splitSeries } from "./split-series.ts";

const small = { columns: 16, rows: 16, slices: 3 };
const timesOf = (files: readonly { readonly bytes: Uint8Array }[]) =>
  splitSeries(files.map(({ bytes }, at) => ({ digest: `${at}`, object: parseDicom(bytes) }))).volumes.map(
    ({ timeSeconds }) => timeSeconds,
  );

test("volumes told apart by their temporal position have the times of their acquisition", () => {
  expect(timesOf(mrPhantom({ ...small, volumes: timeVolumes(4, 1.25) }))).toEqual([0, 1.25, 2.5, 3.75]);
});

test("one Acquisition Time for all: the Trigger Time tells them apart", () => {
  const volumes = [0, 1800, 3600].map((TriggerTime, index) => ({
    attributes: { TemporalPositionIdentifier: index + 1, AcquisitionTime: "101500", TriggerTime },
  }));
  expect(timesOf(mrPhantom({ ...small, volumes }))).toEqual([0, 1.8, 3.6]);
});

test("no clock tells them apart, or there is one volume: no time", () => {
  const same = [1, 2].map((TemporalPositionIdentifier) => ({
    attributes: { TemporalPositionIdentifier, AcquisitionTime: "101500", ContentTime: "101500" },
  }));
  expect(timesOf(mrPhantom({ ...small, volumes: same }))).toEqual([undefined, undefined]);
  expect(timesOf(ctPhantom({ ...small }))).toEqual([undefined]);
});

const ctp = sharedData("synthetic-truth/ctp-dro");

test.skipIf(!ctp)("a CT perfusion series of a volume a second", () => {
  const { volumes } = splitFolder(ctp!)[0]!;
  expect(volumes.map(({ timeSeconds }) => timeSeconds)).toEqual(Array.from({ length: 45 }, (_, at) => at));
});
