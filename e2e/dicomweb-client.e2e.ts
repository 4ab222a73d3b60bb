/** A DICOMweb client that we did not write, in a browser, against our gateway: it stores, searches and retrieves. */
import { join } from "node:path";
import type { DicomObject } from "@releve/dicom/data-set/dicom-object";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { startChild } from "@releve/server/cluster/child";
import { startNats } from "@releve/server/cluster/nats-process";
import { freePorts } from "@releve/server/cluster/ports";
import { webUrlOf } from "@releve/server/cluster/topology";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import { expect, onTestFinished, test } from "vitest";
import { browserDicomwebClient } from "./support/browser-dicomweb-client.ts";
import { temporaryFolder } from "./support/embedded-cluster.ts";

const files = ctPhantom({ slices: 12 }).map(({ bytes }) => bytes);
const known = files.map((bytes) => parseDicom(bytes));
const first = known[0]!;
const study = { studyInstanceUID: first.studyInstanceUid };
const series = { ...study, seriesInstanceUID: first.seriesInstanceUid };
const instance = { ...series, sopInstanceUID: first.sopInstanceUid };
const unknown = { studyInstanceUID: "2.25.1", seriesInstanceUID: "2.25.2", sopInstanceUID: "2.25.3" };
const frame = { frameNumbers: [1] };

test("dicomweb-client stores, searches and retrieves", { timeout: 240_000 }, async () => {
  const call = await browserDicomwebClient(await startGateway());
  const value = async (method: string, options: object): Promise<unknown> => {
    const called = await call(method, options);
    if ("status" in called) throw new Error(`${method} failed with ${called.status}`);
    return called.value;
  };
  const rows = async (method: string, options: object) => (await value(method, options)) as Row[];
  const sopInstanceUids = known.map(({ sopInstanceUid }) => sopInstanceUid).toSorted();

  const answer = await value("storeInstances", { datasets: files.map((bytes) => [...bytes]) });
  const stored = (JSON.parse(answer as string) as Row)[tags.referencedSopSequence]!.Value as Row[];
  expect(uidsOf(stored, tags.referencedSopInstanceUid)).toEqual(sopInstanceUids);

  const byName = { queryParams: { PatientName: "PHANTOM*" } };
  const studies = await rows("searchForStudies", byName);
  expect(valuesOf(studies, tags.studyInstanceUid)).toEqual([first.studyInstanceUid]);
  expect(valuesOf(studies, tags.instancesInStudy)).toEqual([files.length]);
  const ofStudy = await rows("searchForSeries", study);
  expect(valuesOf(ofStudy, tags.seriesInstanceUid)).toEqual([first.seriesInstanceUid]);
  const ofSeries = await rows("searchForInstances", series);
  expect(uidsOf(ofSeries)).toEqual(sopInstanceUids);

  for (const [method, of] of [
    ["retrieveStudyMetadata", study],
    ["retrieveSeriesMetadata", series],
  ] as const) {
    expect(uidsOf(await rows(method, of))).toEqual(sopInstanceUids);
  }
  const [metadata] = await rows("retrieveInstanceMetadata", instance);
  expect(metadata![tags.rows]).toEqual({ vr: "US", Value: [64] });
  expect(metadata![tags.patientName]).toEqual({ vr: "PN", Value: [{ Alphabetic: "PHANTOM^ONE" }] });

  expect(pixelsOf(first).length).toBe(64 * 64 * 2);
  const retrieved = parseDicom(Uint8Array.from((await value("retrieveInstance", instance)) as number[]));
  expect(retrieved.sopInstanceUid).toBe(first.sopInstanceUid);
  expect(pixelsOf(retrieved).equals(pixelsOf(first))).toBe(true);
  const frames = (await value("retrieveInstanceFrames", { ...instance, ...frame })) as number[][];
  expect(frames.length).toBe(1);
  expect(Buffer.from(frames[0]!).equals(pixelsOf(first))).toBe(true);

  expect(await rows("searchForStudies", { queryParams: { StudyInstanceUID: "2.25.1" } })).toEqual([]);
  expect(await rows("searchForInstances", unknown)).toEqual([]);
  for (const method of ["retrieveInstanceMetadata", "retrieveInstance", "retrieveInstanceFrames"]) {
    expect([method, await call(method, { ...unknown, ...frame })]).toEqual([method, { status: 404 }]);
  }
});

type Row = Readonly<Record<string, { readonly vr: string; readonly Value?: readonly unknown[] }>>;

const tags = {
  studyInstanceUid: "0020000D",
  seriesInstanceUid: "0020000E",
  sopInstanceUid: "00080018",
  instancesInStudy: "00201208",
  referencedSopSequence: "00081199",
  referencedSopInstanceUid: "00081155",
  patientName: "00100010",
  rows: "00280010",
} as const;

const valuesOf = (rows: readonly Row[], tag: string) => rows.map((row) => row[tag]?.Value?.[0]);
const uidsOf = (rows: readonly Row[], tag: string = tags.sopInstanceUid): string[] =>
  valuesOf(rows, tag).map(String).toSorted();

function pixelsOf({ bytes, pixelData }: DicomObject): Buffer {
  if (pixelData?.kind !== "native") throw new TypeError("the phantom's pixels are not compressed");
  return Buffer.from(bytes.subarray(pixelData.offset, pixelData.offset + pixelData.length));
}

/** A gateway with a ledger of its own. @returns its origin. */
async function startGateway(): Promise<string> {
  const dataDir = await temporaryFolder("releve-e2e-gateway-");
  const [natsPort, webPort, dimsePort] = (await freePorts(3)) as [number, number, number];
  const nats = await startNats(join(dataDir, "nats"), natsPort);
  onTestFinished(nats.stop);
  const environment = {
    RELEVE_SITE: "site-a",
    RELEVE_NATS_URL: `nats://127.0.0.1:${natsPort}`,
    RELEVE_DATA_DIR: join(dataDir, "site-a"),
    RELEVE_HTTP_PORT: String(webPort),
    RELEVE_DIMSE_PORT: String(dimsePort),
  };
  const child = await startChild({ name: "gateway", role: "gateway", environment }, join(dataDir, "log"));
  onTestFinished(child.stop);
  return webUrlOf(webPort);
}
