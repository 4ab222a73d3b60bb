/** What SUV and fusion write, before readers that share no code with us: dciodvfy and pydicom. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { sharedData } from "@releve/testkit/shared-data";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ComputeInput } from "../application.ts";
import { fileInputs, folderInputs } from "../folder-inputs.fixture.ts";
import { app as fusion } from "../fusion/app.ts";
import { accepted, contextOf } from "../known-volume.fixture.ts";
import { app } from "./app.ts";
import { ctFiles, petFiles } from "./pet-series.fixture.ts";
import { suvKinds, type SuvKind } from "./suv-kind.ts";
import { writtenObjects } from "./written-objects.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "releve-suv-"));
let runner: GpuJsRunner;
beforeAll(async () => {
  runner = await openGpuJsRunner({ engine: "webasm", threads: 1 });
});
afterAll(async () => {
  await runner.close();
  rmSync(folder, { recursive: true });
});

/** Paths of the files, by the output's key; of images the first and the last. */
function filesOf(written: ReturnType<typeof writtenObjects>): Map<string, string[]> {
  const own = mkdtempSync(join(folder, "job-"));
  return new Map(
    [...written].map(([key, objects]) => [
      key,
      [...new Set([objects[0]!, objects.at(-1)!])].map(({ bytes, sopInstanceUid }) => {
        const path = join(own, `${sopInstanceUid}.dcm`);
        writeFileSync(path, bytes);
        return path;
      }),
    ]),
  );
}

function run(tool: string, args: readonly string[]): string {
  const { stdout, stderr, error } = spawnSync(tool, args, { encoding: "utf8" });
  if (error) throw error;
  return `${stdout}\n${stderr}`;
}

const errorsOf = (files: ReadonlyMap<string, readonly string[]>) =>
  [...files.values()].flat().flatMap((path) =>
    run("dciodvfy", [path])
      .split("\n")
      .filter((line) => line.startsWith("Error")),
  );

async function suvFiles(input: ComputeInput, kind: SuvKind) {
  const { volume, ...others } = input;
  const threshold = { mode: "percentOfMax", percent: 41 } as const;
  const parameters = { kind, images: true, region: { ...app.suggest!([]).region!, threshold } };
  const result = accepted(await app.compute(contextOf(volume, parameters, runner, others)));
  return filesOf(writtenObjects(result, [input]));
}

const generated = async () => (await fileInputs(petFiles().map(({ bytes }) => bytes)))[0]!;

describe("SUV images, masks and report", () => {
  test.each(suvKinds)("of a generated PET as %s pass dciodvfy", async (kind) => {
    const files = await suvFiles(await generated(), kind);
    expect([...files.keys()]).toEqual(["suv", "metabolic-volumes", "uptake"]);
    expect(errorsOf(files)).toEqual([]);
  });

  const shared = ["pet-bqml-qin-headneck/pet", "petct-mr-sts/PET/image"].filter((path) => sharedData(path));
  test.skipIf(shared.length === 0).each(shared)("of %s pass dciodvfy", async (path) => {
    const [input] = await folderInputs(sharedData(path)!);
    expect(errorsOf(await suvFiles(input!, "SUVbw"))).toEqual([]);
  });

  test("are read by pydicom as they are meant", async () => {
    const files = await suvFiles(await generated(), "SUVlbm(Janma)");
    const [first] = files.get("suv")!;
    const script = `
import json, struct, sys, pydicom
d = pydicom.dcmread(sys.argv[1])
u = d.RealWorldValueMappingSequence[0].MeasurementUnitsCodeSequence[0]
v = struct.unpack("<H" if d.PixelRepresentation == 0 else "<h", d.PixelData[:2])[0] * float(d.RescaleSlope)
print(json.dumps([d.Units, d.SUVType, u.get("LongCodeValue", u.get("CodeValue")), round(float(v), 4)]))`;
    const read = JSON.parse(run("/usr/bin/python3", ["-c", script, first!])) as unknown[];
    // SUVbw 1 of a patient whose sex is written as M: 55.857 of 70 kg.
    expect(read).toEqual(["GML", "LBMJANMA", "g/ml{SUVlbm(Janma)}", 0.798]);
  });
});

test("fused frames of a generated PET and CT pass dciodvfy", async () => {
  const inputs = await fileInputs([...petFiles(), ...ctFiles()].map(({ bytes }) => bytes));
  const plans = inputs.map(({ plan }) => plan);
  const [proposal] = fusion.propose(plans);
  if (!proposal || "refused" in proposal) throw new Error("the rule proposes no fusion");
  const chosen = proposal.plans.map((plan) => inputs[plans.indexOf(plan)]!) as [ComputeInput, ComputeInput];
  const { volume, ...others } = chosen[0];
  const context = contextOf(volume, proposal.parameters, runner, others);
  const files = filesOf(
    writtenObjects(accepted(await fusion.compute({ ...context, inputs: chosen })), chosen),
  );
  const keys = ["axial", "coronal", "coronal-mip", "pet", "blending"].map((key) => `fusion-${key}`);
  expect([...files.keys()]).toEqual(keys);
  expect(errorsOf(files)).toEqual([]);
});
