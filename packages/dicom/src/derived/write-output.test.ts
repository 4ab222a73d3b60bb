import { expect, test } from "vitest";
import { parseDicom } from "../data-set/parse-dicom.ts";
import { context, coronalSeries, sourceObject, sourceOf } from "./derived-fixture.ts";
import {
  adcMap,
  drawnOver,
  inColour,
  lungReport,
  lungs,
  overSource,
  straightened,
  turning,
} from "./outputs-fixture.ts";
import { writeOutput } from "./write-output.ts";

const source = sourceOf(sourceObject("CT"));
const fused = overSource(source.attributes.string("SeriesInstanceUID")!);
const drawn = drawnOver(source.attributes.string("SeriesInstanceUID")!, ["2.25.1001", "2.25.1002"]);
const all = [coronalSeries(), lungs, lungReport, adcMap, turning, straightened, inColour, fused, drawn];

test("every kind of output is written as its class, and all UIDs of a job differ", () => {
  const written = all.flatMap((output) => {
    const objects = writeOutput(output, all, source, context);
    if ("refused" in objects) throw new Error(objects.reason);
    return objects;
  });
  const uids = written.map(({ sopInstanceUid }) => sopInstanceUid);
  expect(new Set(uids).size).toBe(uids.length);
  expect(new Set(written.map(({ seriesInstanceUid }) => seriesInstanceUid)).size).toBe(all.length);
});

test("every object names application, version and engine, and the software, whatever its kind", () => {
  const kinds = new Map(all.map((output) => [output.kind, writeOutput(output, all, source, context)]));
  expect(kinds.size).toBe(all.length);
  for (const objects of kinds.values()) {
    if ("refused" in objects) throw new Error(objects.reason);
    const { attributes } = parseDicom(objects[0]!.bytes);
    const [contribution] = attributes.items("ContributingEquipmentSequence").slice(-1);
    expect(contribution!.string("ContributionDescription")).toBe(
      `${context.application} ${context.applicationVersion}, engine ${context.engine}, job ${context.jobId}`,
    );
    expect(contribution!.string("SoftwareVersions")).toBe(context.softwareVersion);
  }
});

test("two outputs of one key are refused: their UIDs would be the same", () => {
  const twice = { ...lungReport, key: "lungs" };
  expect(writeOutput(lungs, [lungs, twice], source, context)).toMatchObject({
    refused: "OUTPUT_KEY_REPEATED",
  });
});

test("the same output at the same time gives the same bytes", () => {
  const bytes = () =>
    all.map((output) => {
      const objects = writeOutput(output, all, source, context);
      return "refused" in objects
        ? objects
        : objects.map((object) => Buffer.from(object.bytes).toString("base64"));
    });
  expect(bytes()).toEqual(bytes());
});
