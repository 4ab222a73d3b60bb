/** Planes, projections, renderings, curved reformats and diffusion as DICOM, each by its own application: judged by dciodvfy. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { sharedData } from "@releve/testkit/shared-data";
import { afterAll, beforeAll, expect, test } from "vitest";
import { app as adc } from "./adc/app.ts";
import type { Application, ComputeInput } from "./application.ts";
import { app as curved } from "./curved/app.ts";
import { fileInputs, folderInputs } from "./folder-inputs.fixture.ts";
import { accepted } from "./known-volume.fixture.ts";
import { app as mpr } from "./mpr/app.ts";
import { app as rendering } from "./rendering/app.ts";
import { app as slab } from "./slab/app.ts";
import { ctFiles } from "./suv/pet-series.fixture.ts";
import { writtenObjects } from "./suv/written-objects.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "releve-images-"));
let runner: GpuJsRunner;
beforeAll(async () => {
  runner = await openGpuJsRunner({ engine: "webasm", threads: 1 });
});
afterAll(async () => {
  await runner.close();
  rmSync(folder, { recursive: true });
});

type Inputs = readonly [ComputeInput, ...ComputeInput[]];

/** With what a person begins with, or the rule's first wish. @returns the files' bytes by output, as far as they are looked at */
async function written(app: Application, inputs: Inputs, changes: object = {}) {
  const plans = inputs.map(({ plan }) => plan);
  const proposed = app.takes === "volume" ? app.propose(plans[0]!) : [];
  const begun = app.suggest?.(plans) ?? ("refused" in proposed ? {} : proposed[0]);
  const parameters = app.parameters.parse(Object.assign({}, begun, changes));
  const { signal } = new AbortController();
  const context = { inputs, parameters, runner, signal, onProgress: () => undefined };
  const result = accepted(await app.compute(context));
  return new Map([...writtenObjects(result, inputs)].map(([key, [first]]) => [key, first!.bytes]));
}

function errorsOf(files: ReadonlyMap<string, Uint8Array>): string[] {
  return [...files].flatMap(([key, bytes]) => {
    const path = join(folder, `${key}.dcm`);
    writeFileSync(path, bytes);
    const { stdout, stderr, error } = spawnSync("dciodvfy", [path], { encoding: "utf8" });
    if (error) throw error;
    return `${stdout}\n${stderr}`.split("\n").filter((line) => line.startsWith("Error"));
  });
}

const ct = async () => (await fileInputs(ctFiles().map(({ bytes }) => bytes))) as unknown as Inputs;

const seeThrough = { kind: "window", center: 0, width: 2000, palette: "gray", opacityPerMm: 0.1 };

test.each<[Application, object, readonly string[]]>([
  [mpr, {}, ["mpr-0-coronal", "mpr-1-sagittal", "mpr-2-oblique"]],
  [slab, { views: 4 }, ["slab-rotating-max"]],
  [rendering, { views: 2, sizeMax: 64, look: seeThrough }, ["rendering"]],
  [
    curved,
    { widthMm: 20, crossSections: { intervalMm: 20, sizeMm: 20 } },
    ["curved-straightened", "curved-sections", "curved-path"],
  ],
])("$id of a generated CT", async (app, changes, keys) => {
  const files = await written(app, await ct(), changes);
  expect([...files.keys()]).toEqual(keys);
  expect(errorsOf(files)).toEqual([]);
});

const dro = sharedData("synthetic-truth/adc-dro");

test.skipIf(!dro)("diffusion of the digital object: the map and the images that are the same", async () => {
  const inputs = (await folderInputs(dro!)) as unknown as Inputs;
  const files = await written(adc, inputs, { classicImages: true });
  expect([...files.keys()].slice(0, 2)).toEqual(["adc", "adc-images"]);
  expect(errorsOf(files)).toEqual([]);
});
