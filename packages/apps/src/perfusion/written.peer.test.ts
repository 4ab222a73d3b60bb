/** What a perfusion analysis hands over is valid DICOM, each object by itself: judged by dciodvfy. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeOutput } from "@releve/dicom/derived/write-output";
import { isRefusal } from "@releve/domain/refusal";
import { openGpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { sharedData } from "@releve/testkit/shared-data";
import { expect, test } from "vitest";
import type { ComputeContext } from "../application.ts";
import { folderInputs } from "../folder-inputs.fixture.ts";
import { app } from "./app.ts";
import { defaultPerfusionParameters, type PerfusionParameters } from "./parameters.ts";

const dro = sharedData("synthetic-truth/ctp-dro");

test.skipIf(!dro)("maps, masks and measurements pass dciodvfy", async () => {
  const inputs = await folderInputs(dro!);
  const runner = await openGpuJsRunner({ engine: "webasm", threads: 1 });
  const signal = new AbortController().signal;
  const context = {
    inputs,
    parameters: defaultPerfusionParameters,
    runner,
    signal,
    onProgress: () => undefined,
  };
  const result = await app.compute(context as unknown as ComputeContext<PerfusionParameters>);
  await runner.close();
  if (isRefusal(result)) throw new Error(result.reason);
  const { plan, attributes } = inputs[0]!;
  const source = {
    attributes,
    sources: inputs.flatMap((input) => input.plan.slices),
    studyInstanceUid: plan.studyInstanceUid,
    frameOfReferenceUid: plan.frameOfReferenceUid,
    modality: plan.modality,
    sopClassUid: plan.sopClassUid,
  };
  const dir = mkdtempSync(join(tmpdir(), "releve-perfusion-"));
  const said = result.outputs.flatMap((output) => {
    const written = writeOutput(output, result.outputs, source, {
      jobId: "00000000-0000-5000-8000-000000000001",
      application: app.id,
      applicationVersion: app.version,
      engine: result.engine,
      atMs: Date.UTC(2026, 0, 2),
      softwareVersion: "test",
    });
    if (isRefusal(written)) throw new Error(`${output.key}: ${written.reason}`);
    return written.map(({ bytes }, index) => {
      const file = join(dir, `${output.key}-${index}.dcm`);
      writeFileSync(file, bytes);
      const { stdout, stderr } = spawnSync("dciodvfy", [file], { encoding: "utf8" });
      const lines = `${stdout}${stderr}`.split("\n");
      return {
        key: output.key,
        errors: lines.filter((line) => line.startsWith("Error")),
        heard: lines.length > 1,
      };
    });
  });
  rmSync(dir, { recursive: true });
  expect(said.map(({ key }) => key)).toEqual([
    "cbf",
    "cbv",
    "mtt",
    "tmax",
    "perfusion-regions",
    "perfusion-volumes",
  ]);
  expect(said.filter(({ errors, heard }) => errors.length > 0 || !heard)).toEqual([]);
});
