/** The frames, images and presentation state of a fusion are valid DICOM, judged by dciodvfy, and refer to both series. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { openGpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { sharedData } from "@releve/testkit/shared-data";
import { expect, test } from "vitest";
import type { ComputeContext, ComputeInput } from "../application.ts";
import { folderInputs } from "../folder-inputs.fixture.ts";
import { accepted } from "../known-volume.fixture.ts";
import { realValues } from "../real-values.ts";
import { writtenObjects } from "../suv/written-objects.fixture.ts";
import { app } from "./app.ts";
import type { FusionParameters } from "./parameters.ts";

const sarcoma = sharedData("petct-mr-sts");

/** As if its slices had one slope. */
function shared(input: ComputeInput): ComputeInput {
  const slope = 1e-3;
  const values = Int16Array.from(realValues(input.volume), (value) => value / slope);
  return { ...input, volume: { ...input.volume, voxels: { kind: "stored", values, slope, intercept: 0 } } };
}

test.skipIf(!sarcoma).each([
  ["one slope", shared, ["fusion-coronal", "fusion-blending"]],
  [
    "a slope in each slice, as it is",
    (pet: ComputeInput) => pet,
    ["fusion-coronal", "fusion-pet", "fusion-blending"],
  ],
] as const)("of a PET with %s", async (_, as, keys) => {
  const [read] = await folderInputs(join(sarcoma!, "PET/image"));
  const [ct] = await folderInputs(join(sarcoma!, "CT/image"));
  const pet = as(read!);
  const runner = await openGpuJsRunner({ engine: "webasm", threads: 1 });
  const parameters = { ...app.suggest!([]), views: ["coronal"], imagesMax: 4 };
  const signal = new AbortController().signal;
  const context = { inputs: [pet, ct], parameters, runner, signal, onProgress: () => undefined };
  const result = accepted(await app.compute(context as unknown as ComputeContext<FusionParameters>));
  await runner.close();
  const written = writtenObjects(result, [pet, ct!]);
  expect([...written.keys()]).toEqual(keys);
  const dir = mkdtempSync(join(tmpdir(), "releve-fusion-"));
  for (const [key, [first]] of written) {
    const file = join(dir, `${key}.dcm`);
    writeFileSync(file, first!.bytes);
    const { stdout, stderr } = spawnSync("dciodvfy", [file], { encoding: "utf8" });
    expect(`${stdout}${stderr}`.split("\n").filter((line) => line.startsWith("Error"))).toEqual([]);
    expect(`${stdout}${stderr}`).not.toBe("");
  }
  rmSync(dir, { recursive: true });
  const { attributes } = parseDicom(written.get("fusion-blending")![0]!.bytes);
  const series = attributes
    .items("BlendingSequence")
    .map((layer) => layer.items("ReferencedSeriesSequence")[0]!.string("SeriesInstanceUID"));
  const above = written.get("fusion-pet")?.[0]?.seriesInstanceUid ?? pet.plan.seriesInstanceUid;
  expect(series).toEqual([ct!.plan.seriesInstanceUid, above]);
});
