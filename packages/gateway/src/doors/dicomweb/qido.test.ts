import { afterAll, beforeAll, expect, test } from "vitest";
import { phantomSlice } from "../../intake/intake.fixture.ts";
import { postObjects, temporaryWebDoor, type TemporaryWebDoor } from "../web-door.fixture.ts";

let door: TemporaryWebDoor;
beforeAll(async () => {
  door = await temporaryWebDoor();
  await postObjects(door.root, [
    phantomSlice(),
    phantomSlice({}, 1),
    phantomSlice({ SeriesInstanceUID: "1.2.3", SOPInstanceUID: "1.2.3.4", Modality: "MR" }),
    phantomSlice({
      StudyInstanceUID: "1.9",
      SeriesInstanceUID: "1.9.1",
      SOPInstanceUID: "1.9.1.1",
      PatientName: "OTHER^ONE",
    }),
  ]);
});
afterAll(() => door.close());

const get = (path: string, accept = "application/dicom+json") =>
  fetch(`${door.root}${path}`, { headers: { accept } });

async function count(path: string): Promise<number> {
  const response = await get(path);
  return response.status === 204 ? 0 : ((await response.json()) as unknown[]).length;
}

test.each([
  ["/studies", 2],
  ["/series", 3],
  ["/instances", 4],
  ["/studies/1.9/series", 1],
  ["/studies/1.9/instances", 1],
  ["/studies/1.9/series/1.2.3/instances", 0],
  ["/series?PatientName=OTHER*", 1],
  ["/series?Modality=MR", 1],
  ["/instances?StudyInstanceUID=1.9", 1],
  ["/studies?PatientName=nobody", 0],
  ["/studies?includefield=all&limit=1", 1],
  ["/studies?offset=2", 0],
])("%s finds %i", async (path, found) => {
  expect(await count(path)).toBe(found);
});

test("a study of two modalities names both", async () => {
  const [row] = (await (await get("/studies?ModalitiesInStudy=MR")).json()) as Record<
    string,
    { Value: unknown }
  >[];
  expect(row!["00080061"]?.Value).toEqual(["CT", "MR"]);
});

test("what is cut by the limit and what is not supported are said", async () => {
  expect((await get("/instances?limit=3")).headers.get("warning")).toMatch(/^299 .*offset/);
  expect((await get("/instances?fuzzymatching=true")).headers.get("warning")).toMatch(/^299 .*fuzzymatching/);
  expect((await get("/instances")).headers.get("warning")).toBeNull();
});

test.each([
  ["/studies?Nonsense=1", "application/dicom+json", 400],
  ["/studies?PatientWeight=70", "application/dicom+json", 400],
  ["/studies?limit=many", "application/dicom+json", 400],
  ["/studies", "application/dicom+xml", 406],
  ["/nothing", "application/dicom+json", 404],
])("%s as %s is %i with a sentence", async (path, accept, status) => {
  const response = await get(path, accept);
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  expect(((await response.json()) as { detail: string }).detail).toMatch(/^[A-Z0-9].*\.$/);
});
