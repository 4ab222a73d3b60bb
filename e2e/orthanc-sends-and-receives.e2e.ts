/** Orthanc as the hospital's PACS: it sends a CT, it gets the results by both doors, and the console shows them. */
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import type { Destination } from "@releve/gateway/delivery/destination";
import { startOrthanc, type Orthanc } from "@releve/gateway/doors/orthanc.fixture";
import type { StoredObject } from "@releve/ledger/events/stored-object";
import type { Cluster } from "@releve/server/cluster/start-cluster";
import { archiveDestinations, webUrlOf } from "@releve/server/cluster/topology";
import { jobsOf, studiesOf } from "@releve/server/demo/summary";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import type { Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { instancesOf, seriesOf } from "./support/ask-dicomweb.ts";
import { chromiumPage } from "./support/chromium.ts";
import { embeddedCluster, newPlace, watchCluster } from "./support/embedded-cluster.ts";

const slices = 100;
const settles = { timeout: 90_000, interval: 100 };

test("a CT of Orthanc comes back to it as results, each once", { timeout: 400_000 }, async () => {
  const orthanc = await startOrthanc();
  onTestFinished(orthanc.stop);
  const place = await newPlace();
  const destinations = [...archiveDestinations(place.ports), ...doorsOf(orthanc)];
  const cluster = await embeddedCluster(place, destinations);
  const { index, finished } = await watchCluster(cluster);

  const source = await fill(orthanc);
  await storeToGateway(orthanc, cluster);
  await expect.poll(() => studiesOf(index).map(({ objectCount }) => objectCount), settles).toEqual([slices]);
  const studies = new Set(studiesOf(index).map(({ study }) => study));
  expect(await finished({ studies, destinations: destinations.length })).toEqual([]);

  const jobs = jobsOf(index);
  expect(jobs.length).toBeGreaterThan(0);
  expect(jobs.filter(({ status }) => status !== "completed")).toEqual([]);
  const results = jobs.flatMap(({ outputs }) => outputs);
  expect(results.length).toBeGreaterThan(0);

  const archive = `${webUrlOf(place.ports.archive.web)}/dicom-web`;
  const gateway = `${webUrlOf(place.ports.sites["site-a"].web)}/dicom-web`;
  await expectHeld(`${orthanc.url}/dicom-web`, source.study, [source, held(results)]);
  await expectHeld(archive, source.study, [held(results)]);
  await expectHeld(gateway, source.study, [source]);

  const page = await chromiumPage();
  await page.goto(webUrlOf(place.ports.sites["site-b"].console));
  await expectJobsShown(page, jobs.length);
  await expectPictureShown(page);
});

/** Orthanc takes results by C-STORE and by the STOW-RS of its DICOMweb plugin; what it has already it keeps. */
function doorsOf({ url, dicomPort }: Orthanc): Destination[] {
  return [
    { kind: "dimse", name: "orthanc-dimse", host: "127.0.0.1", port: dicomPort, calledAeTitle: "ORTHANC" },
    { kind: "stow", name: "orthanc-stow", url: `${url}/dicom-web` },
  ];
}

type Held = { readonly sopInstanceUids: readonly string[]; readonly seriesInstanceUids: readonly string[] };

/** Uploads the phantom by Orthanc's own interface. */
async function fill(orthanc: Orthanc): Promise<Held & { readonly study: string }> {
  const files = ctPhantom({ study: "from Orthanc", columns: 128, rows: 128, slices, sliceSpacingMm: 1.5 });
  for (const { bytes } of files) await orthanc.upload(bytes);
  const objects = files.map(({ bytes }) => parseDicom(bytes));
  return {
    study: objects[0]!.studyInstanceUid,
    sopInstanceUids: objects.map(({ sopInstanceUid }) => sopInstanceUid),
    seriesInstanceUids: [objects[0]!.seriesInstanceUid],
  };
}

/** As a person does it there: choose the study, send it to the modality. It answers when every C-STORE was answered. */
async function storeToGateway(orthanc: Orthanc, { ports }: Cluster): Promise<void> {
  const modality = { AET: "RELEVE", Host: "127.0.0.1", Port: ports.sites["site-a"].dimse };
  await orthanc.call("PUT", "/modalities/releve", modality);
  const studies = (await orthanc.call("GET", "/studies")) as string[];
  await orthanc.call("POST", "/modalities/releve/store", { Resources: studies, Synchronous: true });
}

const held = (objects: readonly StoredObject[]): Held => ({
  sopInstanceUids: objects.map(({ sopInstanceUid }) => sopInstanceUid),
  seriesInstanceUids: [...new Set(objects.map(({ seriesInstanceUid }) => seriesInstanceUid))],
});

/** Exactly these objects and series of the study, each listed once. */
async function expectHeld(root: string, study: string, parts: readonly Held[]): Promise<void> {
  const objects = parts.flatMap(({ sopInstanceUids }) => sopInstanceUids);
  const series = parts.flatMap(({ seriesInstanceUids }) => seriesInstanceUids);
  expect(new Set(objects).size).toBe(objects.length);
  expect((await instancesOf(root, study)).toSorted()).toEqual(objects.toSorted());
  expect((await seriesOf(root, study)).toSorted()).toEqual(series.toSorted());
}

const shown = { timeout: 30_000, interval: 100 };

/** The list of the other site's console, which learned of the jobs by the ledger alone. */
async function expectJobsShown(page: Page, jobs: number): Promise<void> {
  await page.getByRole("link", { name: "Jobs" }).click();
  const rows = page.locator("tbody tr");
  await expect.poll(() => rows.filter({ hasText: "completed" }).count(), shown).toBe(jobs);
  expect(await rows.count()).toBe(jobs);
}

/** The page of the first job: its deliveries as delivered, its pictures with pixels in them. */
async function expectPictureShown(page: Page): Promise<void> {
  await page.locator("tbody tr a").first().click();
  const picture = page.locator('a[href^="/pictures/"] img').first();
  await picture.scrollIntoViewIfNeeded();
  const width = () =>
    picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth);
  await expect.poll(width, shown).toBeGreaterThan(0);
  expect(await page.getByText("delivered", { exact: true }).count()).toBe(4);
}
