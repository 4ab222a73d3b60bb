import { expect, test } from "vitest";
import { context, coronalSeries, sourceObject, sourceOf } from "./derived-fixture.ts";
import { adcMap, inColour, lungReport, lungs, overSource, turning } from "./outputs-fixture.ts";
import { writeOutput } from "./write-output.ts";

const source = sourceOf(sourceObject("CT"));
const fused = overSource(source.attributes.string("SeriesInstanceUID")!);
const all = [coronalSeries(), lungs, lungReport, adcMap, turning, inColour, fused];

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
