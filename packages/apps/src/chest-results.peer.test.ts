/** Calcium scores, lung densities and statistics of regions as DICOM, before readers that share no code with us: dciodvfy, dsrdump. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import type { DerivationContext, DerivationSource } from "@releve/dicom/derived/derivation-context";
import { writeOutput } from "@releve/dicom/derived/write-output";
import { isRefusal } from "@releve/domain/refusal";
import type { Volume } from "@releve/domain/volume";
import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { part10 } from "@releve/testkit/phantom/part10";
import { studyAttributes } from "@releve/testkit/phantom/study-attributes";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ApplicationResult } from "./application.ts";
import { app as calcium } from "./calcium/app.ts";
import { accepted, contextOf } from "./known-volume.fixture.ts";
import { app as lung } from "./lung/app.ts";
import { chestGrid, chestPhantom } from "./lung/chest-phantom.fixture.ts";
import { app as roi } from "./roi/app.ts";

const folder = mkdtempSync(join(tmpdir(), "releve-chest-"));
let runner: GpuJsRunner;
beforeAll(async () => {
  runner = await openGpuJsRunner({ engine: "webasm", threads: 1 });
});
afterAll(async () => {
  await runner.close();
  rmSync(folder, { recursive: true });
});

const ctStorage = "1.2.840.10008.5.1.4.1.1.2";
const { attributes } = parseDicom(
  part10({
    ...studyAttributes({ study: "chest", series: "CT", seriesNumber: 2, description: "Chest" }),
    SOPClassUID: ctStorage,
    SOPInstanceUID: "2.25.71",
    Modality: "CT",
    KVP: "120",
    SliceThickness: "3",
    RescaleIntercept: "0",
    RescaleSlope: "1",
    RescaleType: "HU",
  }),
);
const source: DerivationSource = {
  attributes,
  sources: [{ sopClassUid: ctStorage, sopInstanceUid: "2.25.71" }],
  studyInstanceUid: attributes.string("StudyInstanceUID")!,
  frameOfReferenceUid: attributes.string("FrameOfReferenceUID"),
  modality: "CT",
  sopClassUid: ctStorage,
};

/** The files of all outputs, by their kind. */
function written({ outputs, engine }: ApplicationResult, application: string): ReadonlyMap<string, string> {
  const context: DerivationContext = {
    jobId: "2ed6657d-e927-568b-95e1-2665a8aea6a2",
    application,
    applicationVersion: "1",
    engine,
    atMs: Date.UTC(2026, 2, 4),
    softwareVersion: "0.1.0",
  };
  return new Map(
    outputs.flatMap((output) => {
      const objects = writeOutput(output, outputs, source, context);
      if (isRefusal(objects)) throw new Error(objects.reason);
      return objects.map(({ bytes }, index) => {
        const path = join(folder, `${output.key}-${index}.dcm`);
        writeFileSync(path, bytes);
        return [output.kind, path] as const;
      });
    }),
  );
}

function run(tool: string, ...args: readonly string[]): string {
  const { stdout, stderr, error } = spawnSync(tool, args, { encoding: "utf8" });
  if (error) throw error;
  return `${stdout}\n${stderr}`;
}

function expectNoErrors(files: ReadonlyMap<string, string>): void {
  expect([...files.keys()]).toEqual(["segmentation", "measurements"]);
  const errors = [...files.values()].flatMap((file) =>
    run("dciodvfy", file)
      .split("\n")
      .filter((line) => line.startsWith("Error")),
  );
  expect(errors).toEqual([]);
}

test("lungs and their densities", async () => {
  const { volume } = chestPhantom();
  const result = accepted(
    await lung.compute(contextOf(volume, { lungBelowHu: -500 }, runner, { attributes })),
  );
  const files = written(result, "lung");
  expectNoErrors(files);
  const report = run("dsrdump", files.get("measurements")!);
  expect(report).toContain('"PD15, 15th percentile of lung density")="-865" ([hnsf\'U],UCUM');
  expect(report).toContain('"LAA-950, share of the lung below -950 HU")');
});

test("calcium by vessel", async () => {
  const grid = { ...chestGrid, columns: 24, rows: 20, slices: 5, sliceStepLps: [0, 0, 3] as const };
  const values = new Int16Array(24 * 20 * 5).fill(40);
  values.fill(450, 24 * 20 + 30, 24 * 20 + 34);
  values.fill(220, 24 * 20 + 130, 24 * 20 + 132);
  const volume: Volume = { geometry: grid, voxels: { kind: "stored", values, slope: 1, intercept: 0 } };
  const pointLps: [number, number, number] = [-189 + 6 * 6, -150 + 6, -171 + 3];
  const parameters = {
    labels: [{ kind: "plaque" as const, vessel: "LAD" as const, pointLps }],
    massCalibrationMgPerCm3Hu: 0.8,
  };
  const result = accepted(await calcium.compute(contextOf(volume, parameters, runner, { attributes })));
  const files = written(result, "calcium");
  expectNoErrors(files);
  const report = run("dsrdump", files.get("measurements")!);
  // Four pixels of 36 mm2 at 450 HU, and two at 220 HU that nobody has named.
  expect(report).toContain("576");
  expect(report).toMatch(/unassigned/);
});

test("statistics of a sphere and a box", async () => {
  const regions = [
    { shape: "sphere", centerLps: [80, 10, 20], radiusMm: 12 },
    { shape: "box", lowLps: [-20, -20, -20], highLps: [20, 20, 0] },
  ] as const;
  const { volume } = chestPhantom();
  const result = accepted(await roi.compute(contextOf(volume, { regions }, runner, { attributes })));
  const files = written(result, "roi");
  expectNoErrors(files);
  const report = run("dsrdump", files.get("measurements")!);
  expect(report).toContain(`"Mean intensity")="-980" ([hnsf'U],UCUM`);
});
