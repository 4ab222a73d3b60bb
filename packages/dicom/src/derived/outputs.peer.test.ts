/** Segmentations, reports, maps and captures before readers that share no code with us: dciodvfy, dcentvfy, dsrdump, pydicom. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { derivedUid } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { sharedData } from "@releve/testkit/shared-data";
import { afterAll, expect, test } from "vitest";
import type { DicomObject } from "../data-set/dicom-object.ts";
import { parseDicom } from "../data-set/parse-dicom.ts";
import type { DerivationSource } from "./derivation-context.ts";
import { context, coronalSeries, sourceObject, sourceOf } from "./derived-fixture.ts";
import type { DerivedOutput } from "./derived-output.ts";
import {
  adcMap,
  drawnOver,
  inColour,
  lungReport,
  lungs,
  maskOf,
  overSource,
  planes,
  straightened,
  turning,
} from "./outputs-fixture.ts";
import { reportCodes } from "./report/report-codes.ts";
import { writeOutput } from "./write-output.ts";

const folder = mkdtempSync(join(tmpdir(), "releve-outputs-"));
afterAll(() => rmSync(folder, { recursive: true }));

const all: readonly DerivedOutput[] = [
  lungs,
  lungReport,
  adcMap,
  turning,
  straightened,
  coronalSeries(),
  inColour,
];

function writtenFiles(outputs: readonly DerivedOutput[], source: DerivationSource): string[] {
  const own = mkdtempSync(join(folder, "job-"));
  return outputs.flatMap((output) => {
    const result = writeOutput(output, outputs, source, context);
    if (isRefusal(result)) throw new Error(result.reason);
    return result.map(({ bytes }, index) => {
      const path = join(own, `${output.key}-${index}.dcm`);
      writeFileSync(path, bytes);
      return path;
    });
  });
}

function run(tool: string, args: readonly string[]) {
  const { stdout, stderr, error } = spawnSync(tool, args, { encoding: "utf8" });
  if (error) throw error;
  return { stdout, stderr };
}

function errorsOf(tool: "dciodvfy" | "dcentvfy", files: readonly string[]): string[] {
  const { stdout, stderr } = run(tool, files);
  return `${stdout}\n${stderr}`.split("\n").filter((line) => line.startsWith("Error"));
}

const bare = { KVP: undefined, BodyPartExamined: undefined, PatientPosition: undefined };
const lossy = {
  LossyImageCompression: "01",
  LossyImageCompressionRatio: "12.5",
  LossyImageCompressionMethod: "ISO_15444_1",
};

const generated: [string, () => DicomObject][] = [
  ["CT", () => sourceObject("CT")],
  ["MR", () => sourceObject("MR")],
  ["PET", () => sourceObject("PT")],
  ["bare CT", () => sourceObject("CT", bare)],
  ["CT that lost detail", () => sourceObject("CT", lossy)],
];

/** Real series whose own attributes are taken over. */
const shared = [
  "ct-head-1mm",
  "dwi-philips-b0-b2000",
  "pet-bqml-qin-headneck/pet",
  "petct-mr-sts/PET/image",
  "multiframe-enhanced/enhanced-mr/6_1.dcm",
].flatMap((path): [string, () => DicomObject][] => {
  const found = sharedData(path);
  return found ? [[path, () => parseDicom(readFileSync(firstFile(found)))]] : [];
});

function firstFile(path: string): string {
  if (!statSync(path).isDirectory()) return path;
  const [name] = readdirSync(path)
    .filter((file) => !/\.(md|json)$/.test(file))
    .toSorted();
  return join(path, name!);
}

test.each([...generated, ...shared])("from %s: no error of dciodvfy or dcentvfy", (_, source) => {
  const files = writtenFiles(all, sourceOf(source()));
  expect(files.flatMap((file) => errorsOf("dciodvfy", [file]))).toEqual([]);
  expect(errorsOf("dcentvfy", files)).toEqual([]);
});

const onSlices: DerivationSource = {
  ...sourceOf(sourceObject("CT")),
  sources: planes.map(({ geometry }, index) => ({
    sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
    sopInstanceUid: `2.25.${3000 + index}`,
    seriesInstanceUid: `2.25.${400 + (index % 2)}`,
    frames: [{ frameNumber: 1, originLps: geometry.originLps }],
  })),
};

const variants: [string, readonly DerivedOutput[]][] = [
  ["without pages in time", [{ ...turning, frameTimeMs: 0 }]],
  ["of one frame", [{ ...turning, frames: turning.frames.slice(0, 1) }]],
  [
    "with nothing inside",
    [{ ...lungs, segments: [{ ...lungs.segments[0]!, masks: planes.map(() => maskOf()) }] }],
  ],
  ["drawn by hand", [{ ...lungs, algorithm: { type: "MANUAL", name: "", version: "" } }]],
  [
    "of one plane, measured everywhere, by no method",
    [mapOf({ images: [{ ...planes[0]!, values: new Float32Array(15).fill(2) }] })],
  ],
  ["that draws lines on slices", [drawnOver("2.25.401", ["2.25.3001", "2.25.3001"])]],
  ["that blends two series", [coronalSeries(), overSource("2.25.401")]],
  ["without remarks", [{ ...lungReport, groups: lungReport.groups.slice(1), remarks: [] }]],
];

function mapOf(more: Partial<typeof adcMap>): DerivedOutput {
  const { method: _, window: __, ...map } = adcMap;
  return { ...map, ...more };
}

test.each(variants)("an output %s, on the source's own slices, passes", (_, outputs) => {
  const files = writtenFiles(outputs, onSlices);
  expect(files.flatMap((file) => errorsOf("dciodvfy", [file]))).toEqual([]);
});

test("dsrdump finds every content item of the report in its place", () => {
  const [, report] = writtenFiles(all, onSlices);
  const { stdout, stderr } = run("dsrdump", ["-q", report!]);
  expect(stderr.split("\n").filter((line) => /^[EF]:/.test(line))).toEqual([]);
  const lines = stdout.split("\n").map((line) => line.trim());
  expect(lines).toContain('<contains NUM:(,,"Volume")="2812.5" (ml,UCUM,"milliliter")>');
  expect(lines).toContain('<contains IMAGE:(,,"Referenced Segment")=(SG image,,1)>');
});

function pydicom(script: string, ...args: string[]): unknown {
  const { stdout, stderr } = run("/usr/bin/python3", ["-c", script, ...args]);
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

const readSegmentation = `
import json, sys, pydicom
d = pydicom.dcmread(sys.argv[1])
size = d.Rows * d.Columns
bits = [b >> i & 1 for b in d.PixelData for i in range(8)]
print(json.dumps([[d.SegmentSequence[f.SegmentIdentificationSequence[0].ReferencedSegmentNumber - 1].SegmentLabel,
  [float(x) for x in f.PlanePositionSequence[0].ImagePositionPatient],
  [p for p in range(size) if bits[k * size + p]],
  [i.ReferencedSOPInstanceUID for i in f.DerivationImageSequence[0].SourceImageSequence]]
  for k, f in enumerate(d.PerFrameFunctionalGroupsSequence)]))
`;

test("pydicom reads the pixels of each segment, where they lie and from which slice", () => {
  const [file] = writtenFiles([lungs], onSlices);
  expect(pydicom(readSegmentation, file!)).toEqual([
    ["left lung", [-1, -2, 10], [0, 14], ["2.25.3000"]],
    ["left lung", [-1, -2, 14], [7], ["2.25.3002"]],
    ["right lung", [-1, -2, 12], [1, 2, 3], ["2.25.3001"]],
  ]);
});

const readReport = `
import json, sys, pydicom
def walk(item, depth):
  name = item.ConceptNameCodeSequence[0].CodeMeaning if "ConceptNameCodeSequence" in item else None
  if item.ValueType == "NUM":
    m = item.MeasuredValueSequence[0]
    out.append([name, float(m.get("FloatingPointValue", m.NumericValue)), m.MeasurementUnitsCodeSequence[0].CodeValue])
  if item.ValueType == "IMAGE":
    r = item.ReferencedSOPSequence[0]
    out.append([name, r.ReferencedSOPInstanceUID, r.get("ReferencedSegmentNumber")])
  if item.ValueType == "TEXT" and name in ("Tracking Identifier", "Comment"): out.append([name, item.TextValue])
  for child in item.get("ContentSequence", []): walk(child, depth + 1)
out = []
walk(pydicom.dcmread(sys.argv[1]), 0)
print(json.dumps(out))
`;

test("pydicom walks the content tree of the report", () => {
  const [, report] = writtenFiles([lungs, lungReport], onSlices);
  expect(pydicom(readReport, report!)).toEqual([
    [null, "2.25.3000", null],
    [null, "2.25.3002", null],
    [null, "2.25.3001", null],
    ["Tracking Identifier", "left lung"],
    ["Referenced Segment", derivedUid(`instance ${context.jobId} lungs 0`), 1],
    ["Volume", 2812.5, "ml"],
    ["Attenuation Coefficient", -1 / 3, "[hnsf'U]"],
    ["Tracking Identifier", "whole body"],
    ["Volume", 0, "ml"],
    ["Comment", "Threshold -950 HU."],
    ["Comment", "Only for what it is: naïve."],
  ]);
});

const readMap = `
import array, json, sys, pydicom
d = pydicom.dcmread(sys.argv[1])
v = array.array("f", d.FloatPixelData)
m = d.SharedFunctionalGroupsSequence[0].RealWorldValueMappingSequence[0]
print(json.dumps({"first": v[0] == d.FloatPixelPaddingValue, "last": v[-1], "count": len(v),
  "unit": m.MeasurementUnitsCodeSequence[0].CodeValue, "quantity": m.QuantityDefinitionSequence[0].ConceptCodeSequence[0].CodeMeaning,
  "range": [m.DoubleFloatRealWorldValueFirstValueMapped, m.DoubleFloatRealWorldValueLastValueMapped]}))
`;

test("pydicom reads the floats of a map, its padding, quantity and unit", () => {
  const [file] = writtenFiles([adcMap], sourceOf(sourceObject("MR")));
  expect(pydicom(readMap, file!)).toEqual({
    first: true,
    last: Math.fround(2014e-6),
    count: 45,
    unit: "mm2/s",
    quantity: "Apparent Diffusion Coefficient",
    range: [Math.fround(1e-6), Math.fround(2014e-6)],
  });
});

const readColours = `
import json, sys, pydicom
d = pydicom.dcmread(sys.argv[1])
print(json.dumps({"pixels": list(d.PixelData[:27]), "frames": d.NumberOfFrames, "time": float(d.FrameTime), "step": str(d.FrameIncrementPointer)}))
`;

test("pydicom reads the colours of a capture and how its frames follow", () => {
  const [file] = writtenFiles([turning], sourceOf(sourceObject("CT")));
  expect(pydicom(readColours, file!)).toEqual({
    pixels: turning.frames.flatMap((frame) => [...frame]),
    frames: 3,
    time: 66.7,
    step: "(0018, 1063)",
  });
});

const readBlending = `
import json, sys, pydicom
d = pydicom.dcmread(sys.argv[1])
print(json.dumps({"layers": [[l.BlendingPosition, len(l.ReferencedSeriesSequence[0].ReferencedImageSequence), float(l.RescaleSlope),
  float(l.SoftcopyVOILUTSequence[0].WindowWidth)] for l in d.BlendingSequence], "opacity": d.RelativeOpacity,
  "red": list(d.RedPaletteColorLookupTableDescriptor), "profile": d.ICCProfile[36:40].decode()}))
`;

test("pydicom reads the layers of a blending, its palette and its profile", () => {
  const files = writtenFiles([coronalSeries(), overSource("2.25.401")], onSlices);
  expect(pydicom(readBlending, files.at(-1)!)).toEqual({
    layers: [
      ["UNDERLYING", 1, 1, 400],
      ["SUPERIMPOSED", 3, 0.0625, 0.9],
    ],
    opacity: 0.5,
    red: [256, 0, 16],
    profile: "acsp",
  });
});

const knownCodes = `
import json, sys
from pydicom.sr._concepts_dict import concepts
known = {(s, c): m for s, names in concepts.items() for entry in names.values() for c, (m, _) in entry.items()}
print(json.dumps([c for c in json.loads(sys.argv[1]) if (c["codingSchemeDesignator"], c["codeValue"]) not in known]))
`;

test("every code of the report's templates is in pydicom's dictionary of PS3.16", () => {
  const codes = Object.values(reportCodes).filter((code) => code.codingSchemeDesignator !== "RFC5646");
  expect(pydicom(knownCodes, JSON.stringify(codes))).toEqual([]);
});
