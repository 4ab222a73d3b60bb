/** The DICOMweb doors through a client that others wrote, as a viewer uses it. */
import { createRequire } from "node:module";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import { afterAll, beforeAll, expect, test } from "vitest";
import { temporaryWebDoor, type TemporaryWebDoor } from "../web-door.fixture.ts";

type Row = Record<string, { vr: string; Value?: readonly unknown[]; BulkDataURI?: string }>;
type Instance = { studyInstanceUID: string; seriesInstanceUID: string; sopInstanceUID: string };
/** What is used of it: its own types ask for a browser's. */
type Client = {
  storeInstances: (options: { datasets: ArrayBuffer[] }) => Promise<unknown>;
  searchForStudies: (options?: { queryParams: object }) => Promise<Row[]>;
  searchForSeries: (options: object) => Promise<Row[]>;
  searchForInstances: (options: object) => Promise<Row[]>;
  retrieveStudyMetadata: (options: object) => Promise<Row[]>;
  retrieveInstanceMetadata: (options: Instance) => Promise<Row[]>;
  retrieveInstance: (options: object) => Promise<ArrayBuffer>;
  retrieveSeries: (options: object) => Promise<ArrayBuffer[]>;
  retrieveInstanceFrames: (options: object) => Promise<ArrayBuffer[]>;
  retrieveBulkData: (options: object) => Promise<ArrayBuffer[]>;
};

const require = createRequire(import.meta.url);
const { api } = require("dicomweb-client") as {
  api: { DICOMwebClient: new (options: { url: string; verbose: boolean }) => Client };
};

const files = ctPhantom({ slices: 3, columns: 16, rows: 16 });
const buffers = files.map(({ bytes }) => Uint8Array.from(bytes).buffer);

let door: TemporaryWebDoor;
let client: Client;
let stored: unknown;
let one: Instance;
beforeAll(async () => {
  // The client is written for a browser.
  Object.assign(globalThis, { XMLHttpRequest: require("xhr2") });
  door = await temporaryWebDoor();
  client = new api.DICOMwebClient({ url: door.root, verbose: false });
  stored = await client.storeInstances({ datasets: buffers });
  const [row] = await client.searchForInstances({ queryParams: { InstanceNumber: 3 } });
  const uid = (tag: string) => row![tag]!.Value![0] as string;
  one = {
    studyInstanceUID: uid("0020000D"),
    seriesInstanceUID: uid("0020000E"),
    sopInstanceUID: uid("00080018"),
  };
});
afterAll(() => door.close());

test("it stores", () => {
  const answer = (typeof stored === "string" ? JSON.parse(stored) : stored) as Row;
  expect(answer["00081199"]?.Value).toHaveLength(3);
});

test("it finds studies, by wildcard, by date and by what is in them", async () => {
  const search = (queryParams: object) => client.searchForStudies({ queryParams });
  const [study] = await search({ PatientName: "phantom*", StudyDate: "20191231-20200102" });
  expect(study).toMatchObject({
    "00100010": { Value: [{ Alphabetic: "PHANTOM^ONE" }] },
    "00080061": { Value: ["CT"] },
    "00201206": { Value: [1] },
    "00201208": { Value: [3] },
    "0020000D": { Value: [one.studyInstanceUID] },
  });
  expect(await search({ ModalitiesInStudy: "CT" })).toHaveLength(1);
  expect(await search({ ModalitiesInStudy: "MR" })).toEqual([]);
  expect(await search({ StudyDate: "20200102-" })).toEqual([]);
  expect(await search({ StudyInstanceUID: `1.2.3,${one.studyInstanceUID}` })).toHaveLength(1);
});

test("it finds series and instances below a study, page by page", async () => {
  const { studyInstanceUID } = one;
  const series = await client.searchForSeries({ studyInstanceUID });
  expect(series).toMatchObject([{ "00080060": { Value: ["CT"] }, "00201209": { Value: [3] } }]);
  const page = (offset: number) =>
    client.searchForInstances({ studyInstanceUID, queryParams: { limit: 2, offset } });
  const pages = [await page(0), await page(2)];
  expect(pages.map((rows) => rows.length)).toEqual([2, 1]);
  const uids = new Set(pages.flat().map((row) => row["00080018"]?.Value?.[0]));
  expect(uids.size).toBe(3);
});

test("it reads metadata, and the bytes that the metadata points to", async () => {
  const all = await client.retrieveStudyMetadata({ studyInstanceUID: one.studyInstanceUID });
  expect(all).toHaveLength(3);
  const [metadata] = await client.retrieveInstanceMetadata(one);
  expect(metadata).toMatchObject({ "00280010": { vr: "US", Value: [16] }, "00080060": { Value: ["CT"] } });
  const [pixels] = await client.retrieveBulkData({ BulkDataURI: metadata!["7FE00010"]!.BulkDataURI });
  expect(pixels!.byteLength).toBe(16 * 16 * 2);
});

test("it gets an object and a series as they were stored", async () => {
  const object = await client.retrieveInstance(one);
  expect(Buffer.from(object).equals(files[0]!.bytes)).toBe(true);
  const series = await client.retrieveSeries(one);
  expect(series.map((buffer) => Buffer.from(buffer).toString("base64")).toSorted()).toEqual(
    files.map(({ bytes }) => Buffer.from(bytes).toString("base64")).toSorted(),
  );
});

test("it gets a frame as stored values", async () => {
  const [frame] = await client.retrieveInstanceFrames({ ...one, frameNumbers: [1] });
  expect(Buffer.from(frame!).equals(Buffer.from(files[0]!.bytes.slice(-512)))).toBe(true);
});
