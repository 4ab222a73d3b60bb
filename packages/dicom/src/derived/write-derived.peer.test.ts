/** Readers and judges that share no code with us: dciodvfy and dcentvfy (dicom3tools), and pydicom. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRefusal } from "@releve/domain/refusal";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import { mrPhantom } from "@releve/testkit/phantom/mr-phantom";
import { rampSeries } from "@releve/testkit/phantom/ramp-series";
import { sharedData } from "@releve/testkit/shared-data";
import { afterAll, expect, test } from "vitest";
import type { DicomObject } from "../data-set/dicom-object.ts";
import { parseDicom } from "../data-set/parse-dicom.ts";
import type { DerivedSeries } from "./derived-series.ts";
import { context, coronalSeries, sourceObject, sourceOf } from "./derived-fixture.ts";
import { writeDerived } from "./write-derived.ts";

const folder = mkdtempSync(join(tmpdir(), "releve-derived-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Without what the standard asks for but a source may not have. */
const bare = { KVP: undefined, BodyPartExamined: undefined, PatientPosition: undefined };

const generated: [string, () => DicomObject][] = [
  ["phantom CT", () => parseDicom(ctPhantom({ slices: 2 })[0]!.bytes)],
  ["phantom CT of a tilted gantry", () => parseDicom(ctPhantom({ slices: 2, tiltDegrees: 18.5 })[0]!.bytes)],
  ["phantom ramp", () => parseDicom(rampSeries()[0]!.bytes)],
  ["phantom MR", () => parseDicom(mrPhantom()[0]!.bytes)],
  ["bare CT", () => sourceObject("CT", bare)],
  ["bare MR", () => sourceObject("MR", bare)],
  ["bare PET", () => sourceObject("PT", bare)],
];

/** Real series, several of which dciodvfy itself finds wrong. */
const shared = [
  "ct-head-1mm",
  "ct-gantry-tilt-irregular",
  "synthetic-truth/ramp-geometry/axial",
  "synthetic-truth/ramp-geometry/oblique",
  "synthetic-truth/ramp-geometry/gantry_tilt",
  "synthetic-truth/odd-series/missing_tags",
  "synthetic-truth/odd-series/spacing_changes",
  "synthetic-truth/suv-dro",
  "mr-t1-sagittal",
  "dwi-philips-b0-b2000",
  "asl-dynamic-philips",
  "pet-bqml-qin-headneck/pet",
  "petct-mr-sts/CT/image",
  "petct-mr-sts/MR_T1/image",
  "petct-mr-sts/PET/image",
  "multiframe-enhanced/pydicom/eCT_Supplemental.dcm",
  "multiframe-enhanced/pydicom/emri_small.dcm",
  "multiframe-enhanced/legacy-converted-ct/multiframe",
  "multiframe-enhanced/enhanced-mr/6_1.dcm",
  "multiframe-enhanced/enhanced-mr/IM_0027_fMAP.dcm",
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

/** What the series of three coronal planes becomes, as files. */
function writtenFiles(source: DicomObject, more: Partial<DerivedSeries> = {}): string[] {
  const series = { ...coronalSeries((index) => 20 + index * 3), ...more };
  const result = writeDerived(series, sourceOf(source), context);
  if (isRefusal(result)) throw new Error(result.reason);
  const own = mkdtempSync(join(folder, "series-"));
  return result.map(({ bytes }, index) => {
    const path = join(own, `${index}.dcm`);
    writeFileSync(path, bytes);
    return path;
  });
}

function errorsOf(tool: "dciodvfy" | "dcentvfy", files: readonly string[]): string[] {
  const { stdout, stderr, error } = spawnSync(tool, files, { encoding: "utf8" });
  if (error) throw error;
  return `${stdout}\n${stderr}`.split("\n").filter((line) => line.startsWith("Error"));
}

test.each([...generated, ...shared])("from %s: no error of dciodvfy or dcentvfy", (_, source) => {
  const files = writtenFiles(source());
  expect(files.flatMap((file) => errorsOf("dciodvfy", [file]))).toEqual([]);
  expect(errorsOf("dcentvfy", files)).toEqual([]);
});

test("projections of a PET that turn pass as reprojections", () => {
  const turned = coronalSeries().images.map((image, index) => {
    const angle = (index * Math.PI) / 3;
    const columnStepLps = [Math.cos(angle), Math.sin(angle), 0] as const;
    return { ...image, geometry: { ...image.geometry, columnStepLps } };
  });
  const files = writtenFiles(sourceObject("PT"), { rotating: true, images: turned });
  expect(files.flatMap((file) => errorsOf("dciodvfy", [file]))).toEqual([]);
  expect(errorsOf("dcentvfy", files)).toEqual([]);
});

test.each(["CT", "MR", "PT"] as const)("%s images of another quantity pass", (modality) => {
  const coded = (codeValue: string, codingSchemeDesignator: string, codeMeaning: string) => ({
    codeValue,
    codingSchemeDesignator,
    codeMeaning,
  });
  const realWorld = {
    quantity: coded("126401", "DCM", "SUVbw"),
    unit: coded(
      "g/ml{SUVlbm(James128)}",
      "UCUM",
      "Standardized Uptake Value lean body mass (James 128 multiplier)",
    ),
    method: coded("126415", "DCM", "SUV lean body mass calculation method using 128 multiplier"),
  };
  const files = writtenFiles(sourceObject(modality), { realWorld });
  expect(files.flatMap((file) => errorsOf("dciodvfy", [file]))).toEqual([]);
  expect(errorsOf("dcentvfy", files)).toEqual([]);
});

test("a result is consistent with the source's own series on patient, study and frame of reference", () => {
  const source = ctPhantom({ slices: 2 })[0]!.bytes;
  const path = join(folder, "source.dcm");
  writeFileSync(path, source);
  expect(errorsOf("dcentvfy", [path, ...writtenFiles(parseDicom(source))])).toEqual([]);
});

const readByPydicom = `
import array, json, sys, pydicom
d = pydicom.dcmread(sys.argv[1])
stored = array.array("h", d.PixelData)
print(json.dumps({"name": str(d.PatientName), "padding": d.PixelPaddingValue, "first": stored[0],
  "last": stored[-1] * float(d.RescaleSlope) + float(d.RescaleIntercept), "position": [float(x) for x in d.ImagePositionPatient], "by": d.Manufacturer,
  "sources": len(d.SourceImageSequence), "meta": d.file_meta.MediaStorageSOPInstanceUID == d.SOPInstanceUID}))
`;

test("pydicom reads text, sequences and pixels as they were meant", () => {
  const [file] = writtenFiles(sourceObject("CT", { PatientName: [{ Alphabetic: "Øre^Zoë" }] }));
  const { stdout, stderr } = spawnSync("/usr/bin/python3", ["-c", readByPydicom, file!], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({
    name: "Øre^Zoë",
    padding: -32_768,
    first: -32_768,
    last: 20 + 127 * 3,
    position: [-10.123456789012, 0, 30],
    by: "Relève",
    sources: 2,
    meta: true,
  });
});
