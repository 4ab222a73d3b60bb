/** From files to files: a generated PET through the loader, the application and the writers, and read back. */
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { isRefusal } from "@releve/domain/refusal";
import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fileInputs } from "../folder-inputs.fixture.ts";
import { accepted, contextOf } from "../known-volume.fixture.ts";
import { app } from "./app.ts";
import { hotVoxels, knownSuv, petFiles } from "./pet-series.fixture.ts";
import { suvFactor } from "./suv-factor.ts";
import { suvKindFacts, suvKinds, type SuvKind } from "./suv-kind.ts";
import type { SuvParameters } from "./parameters.ts";
import { writtenObjects } from "./written-objects.fixture.ts";

let runner: GpuJsRunner;
beforeAll(async () => {
  runner = await openGpuJsRunner({ engine: "cpu", threads: 1 });
});
afterAll(() => runner.close());

async function run(parameters: SuvParameters) {
  const [input] = await fileInputs(petFiles().map(({ bytes }) => bytes));
  const { volume, ...others } = input!;
  const result = accepted(await app.compute(contextOf(volume, parameters, runner, others)));
  return { result, written: writtenObjects(result, [input!]) };
}

async function suvImages(kind: SuvKind) {
  const { written } = await run({ kind, images: true });
  return (await fileInputs(written.get("suv")!.map(({ bytes }) => bytes)))[0]!;
}

test("two beds and a slope in each slice come out as the SUV that they were made of", async () => {
  const { volume, attributes } = await suvImages("SUVbw");
  const { voxels, geometry } = volume;
  if (voxels.kind !== "stored") throw new Error("one slope serves the whole result");
  const { columns, rows, slices } = geometry;
  let worst = 0;
  for (let at = 0; at < columns * rows * slices; at++) {
    const known = knownSuv(at % columns, Math.floor(at / columns) % rows, Math.floor(at / columns / rows));
    worst = Math.max(worst, Math.abs(voxels.values[at]! * voxels.slope - known));
  }
  // Half a step of the source's 16 bits, and half of the result's.
  expect(worst).toBeLessThan(8 / 30_000);
  expect([attributes.string("Units"), attributes.string("SUVType")]).toEqual(["GML", "BW"]);
});

test.each(suvKinds)("%s images are not scaled again when they come back", async (kind) => {
  const { attributes } = await suvImages(kind);
  expect(attributes.string("SUVType")).toBe(suvKindFacts[kind].suvType);
  expect(suvFactor(attributes, kind)).toMatchObject({ factor: 1 });
  const [mapping] = attributes.items("RealWorldValueMappingSequence");
  const [unit] = mapping!.items("MeasurementUnitsCodeSequence");
  // PS3.3 8.1: a code of more than 16 characters is a Long Code Value.
  const code = unit!.string("CodeValue") ?? unit!.string("LongCodeValue");
  expect(code).toBe(suvKindFacts[kind].unit.codeValue);
});

test("a region is written as a mask of its voxels, and as a report", async () => {
  const region = app.suggest!([]).region!;
  const { result, written } = await run({ kind: "SUVbw", images: false, region });
  expect([...written.keys()]).toEqual(["metabolic-volumes", "uptake"]);
  const [mask] = written.get("metabolic-volumes")!;
  const { attributes, bytes, pixelData } = parseDicom(mask!.bytes);
  if (pixelData?.kind !== "native") throw new Error("no native pixels");
  const bits = bytes.slice(pixelData.offset, pixelData.offset + pixelData.length);
  expect(bits.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0)).toBe(hotVoxels);
  expect(attributes.items("SegmentSequence")).toHaveLength(1);
  const report = result.outputs.find((output) => output.kind === "measurements");
  if (!report || isRefusal(report)) throw new Error("no report");
  const values = report.groups[1]!.measurements.map(({ value }) => value);
  // 48 voxels of 4 mm: 3.072 ml and 24.576 g; then SUVmax, mean, deviation and peak, whose 19 voxels find room in the block.
  expect(values).toEqual([3.072, 24.576, 8, 8, 0, 8].map((value) => expect.closeTo(value, 3)));
});
