/**
 * What an MPR writes of a linear volume, judged on the DICOM files: every pixel that is not padding must be the formula's
 * value at its place in the patient, in every orientation that the application accepts.
 */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { app as mpr } from "@releve/apps/mpr/app";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { decodeFrame } from "@releve/dicom/pixels/decode-frame";
import { splitSeries } from "@releve/dicom/series/split-series";
import { systemClock } from "@releve/domain/clock";
import { digestOf, type Digest, type JobId, type SiteId, type StudyId } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { encodeVolumePlan, type VolumePlan } from "@releve/domain/series-split";
import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { openObjectStore, type ObjectStore } from "@releve/store/object-store";
import { defaultRamp, rampHu, rampSeries, type RampSeries } from "@releve/testkit/phantom/ramp-series";
import { coronal, sagittal, type Orientation } from "@releve/testkit/phantom/stack";
import { sharedData } from "@releve/testkit/shared-data";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runAttempt } from "./run-attempt.ts";

/** The source's values are within half of its slope of 0.05; interpolation and the output's finer slope add little. */
const toleranceHu = 0.06;

let dir: string;
let store: ObjectStore;
let runner: GpuJsRunner;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "releve-ramp-"));
  store = await openObjectStore({ dir, minFreeBytes: 0 });
  runner = await openGpuJsRunner({ engine: "webasm", threads: 1 });
});
afterAll(async () => {
  await runner.close();
  await rm(dir, { recursive: true });
});

const oblique: Orientation = { row: [Math.SQRT1_2, Math.SQRT1_2, 0], column: [0, 0, -1] };

test.each<[string, RampSeries["stack"] & {}]>([
  ["axial", {}],
  ["coronal", { orientation: coronal }],
  ["sagittal", { orientation: sagittal }],
  ["oblique", { orientation: oblique }],
  ["a tilted gantry", { tiltDegrees: 15 }],
])("the MPR of %s slices is the formula", async (_, stack) => {
  const worst = await worstError(rampSeries({ stack }).map(({ bytes }) => bytes));
  expect(worst.pixels).toBeGreaterThan(10_000);
  expect(worst.errorHu).toBeLessThanOrEqual(toleranceHu);
});

test("irregular slices are refused with their numbers, never resampled as if they were even", async () => {
  const plan = await planOf(
    rampSeries({ stack: { sliceOffsetsMm: [0, 3, 5, 9, 12, 13] } }).map(({ bytes }) => bytes),
  );
  const refused = mpr.propose(plan);
  expect(isRefusal(refused) && refused.refused).toBe("IRREGULAR_SPACING");
});

const known = sharedData("synthetic-truth/ramp-geometry");
const orientations = ["axial", "coronal_feetfirst_order", "sagittal", "oblique", "gantry_tilt"];

test.skipIf(!known).each(orientations)("the known ramp %s is the formula", async (name) => {
  const folder = join(known!, name);
  const names = (await readdir(folder)).filter((file) => file.endsWith(".dcm"));
  const worst = await worstError(await Promise.all(names.map((file) => readFile(join(folder, file)))));
  expect(worst.pixels).toBeGreaterThan(10_000);
  expect(worst.errorHu).toBeLessThanOrEqual(toleranceHu);
});

async function planOf(files: readonly Uint8Array[]): Promise<VolumePlan> {
  const objects: { digest: string; object: ReturnType<typeof parseDicom> }[] = [];
  for (const bytes of files) {
    const { digest } = await store.put(bytes, { maxBytes: bytes.length });
    objects.push({ digest, object: parseDicom(bytes) });
  }
  const { volumes } = splitSeries(objects);
  expect(volumes).toHaveLength(1);
  return volumes[0]!;
}

async function worstError(files: readonly Uint8Array[]): Promise<{ errorHu: number; pixels: number }> {
  const plan = await planOf(files);
  const proposed = mpr.propose(plan);
  if (isRefusal(proposed)) throw new Error(proposed.reason);
  const planBytes = encodeVolumePlan(plan);
  await store.put(planBytes, { maxBytes: planBytes.length });
  const request = {
    job: "00000000-0000-5000-8000-000000000001" as JobId,
    study: "00000000-0000-5000-8000-000000000002" as StudyId,
    application: mpr.id,
    applicationVersion: mpr.version,
    parameters: proposed[0]!,
    plan: digestOf(planBytes),
    inputSite: "site-a" as SiteId,
    inputBytes: 0,
    needBytes: 0,
    priority: "routine" as const,
    deadlineAtMs: null,
  };
  const readObject = (digest: Digest) => store.read(digest);
  const deps = {
    readObject,
    store,
    runner,
    clock: systemClock,
    volumeBudgetBytes: 2 ** 30,
    softwareVersion: "test",
  };
  const result = await runAttempt(deps, request, new AbortController().signal, () => {});
  if (isRefusal(result)) throw new Error(result.reason);
  let errorHu = 0;
  let pixels = 0;
  for (const { digest } of result.outputs) {
    const one = await errorOf(await store.read(digest));
    errorHu = Math.max(errorHu, one.errorHu);
    pixels += one.pixels;
  }
  return { errorHu, pixels };
}

/** Places by PS3.3 C.7.6.2.1.1, values by Rescale Slope and Intercept, as any reader of the file would take them. */
async function errorOf(file: Uint8Array): Promise<{ errorHu: number; pixels: number }> {
  const object = parseDicom(file);
  const frame = await decodeFrame(object, 0);
  if (isRefusal(frame)) throw new Error(frame.reason);
  const { attributes } = object;
  const origin = attributes.numbers("ImagePositionPatient");
  const cosines = attributes.numbers("ImageOrientationPatient");
  const [rowSpacing, columnSpacing] = attributes.numbers("PixelSpacing") as [number, number];
  const padding = attributes.number("PixelPaddingValue");
  const slope = attributes.number("RescaleSlope")!;
  const intercept = attributes.number("RescaleIntercept")!;
  const place = (axis: number, column: number, row: number) =>
    origin[axis]! + cosines[axis]! * column * columnSpacing + cosines[axis + 3]! * row * rowSpacing;
  let errorHu = 0;
  let pixels = 0;
  for (const [index, stored] of frame.pixels.entries()) {
    if (stored === padding) continue;
    const [column, row] = [index % frame.columns, Math.floor(index / frame.columns)];
    const at = [place(0, column, row), place(1, column, row), place(2, column, row)] as const;
    errorHu = Math.max(errorHu, Math.abs(stored * slope + intercept - rampHu(defaultRamp, at)));
    pixels += 1;
  }
  return { errorHu, pixels };
}
