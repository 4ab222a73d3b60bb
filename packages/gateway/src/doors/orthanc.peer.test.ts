/** Orthanc as a sender by C-STORE and by STOW-RS, and as a reader by QIDO-RS and WADO-RS. */
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { attributesDigest, pixelDigest } from "@releve/dicom/data-set/object-digests";
import type { Scp } from "@releve/dicom/dimse/scp";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loopbackPeers } from "../intake/admission.ts";
import { openDimseDoor } from "./dimse-door.ts";
import { startOrthanc, type Orthanc } from "./orthanc.fixture.ts";
import { temporaryWebDoor, type TemporaryWebDoor } from "./web-door.fixture.ts";

/** A hundred slices in two studies: one goes by each door. */
const byDimse = ctPhantom({ study: "by C-STORE", slices: 50, columns: 32, rows: 32 });
const byStow = ctPhantom({ study: "by STOW-RS", slices: 50, columns: 32, rows: 32 });
const studyOf = (files: typeof byDimse) => parseDicom(files[0]!.bytes).studyInstanceUid;

let orthanc: Orthanc;
let door: TemporaryWebDoor;
let scp: Scp;
beforeAll(async () => {
  door = await temporaryWebDoor();
  scp = await openDimseDoor(door.intake, {
    host: "127.0.0.1",
    port: 0,
    aeTitle: "RELEVE",
    peers: loopbackPeers,
  });
  orthanc = await startOrthanc();
  await orthanc.call("PUT", "/modalities/releve", { AET: "RELEVE", Host: "127.0.0.1", Port: scp.port });
  await orthanc.call("PUT", "/dicom-web/servers/releve", { Url: `${door.root}/` });
  for (const { bytes } of [...byDimse, ...byStow]) await orthanc.upload(bytes);
});
afterAll(async () => {
  await orthanc?.stop();
  await scp?.close(1_000);
  await door?.close();
});

/** Orthanc's own name for a study. */
async function named(study: string): Promise<string> {
  const found = await orthanc.call("POST", "/tools/find", {
    Level: "Study",
    Query: { StudyInstanceUID: study },
  });
  return (found as string[])[0]!;
}

async function kept(files: typeof byDimse) {
  const index = await door.intake.catalogue.current();
  return [...index.instances({ studyInstanceUid: studyOf(files) })].map(({ entry }) => entry);
}

async function contents(files: readonly Uint8Array[]): Promise<string[]> {
  const objects = files.map((bytes) => parseDicom(bytes));
  const digests = await Promise.all(
    objects.map(async (object) => `${attributesDigest(object)} ${await pixelDigest(object)}`),
  );
  return digests.toSorted();
}

test("it verifies and sends a study by C-STORE", async () => {
  await orthanc.call("POST", "/modalities/releve/echo", {});
  await orthanc.call("POST", "/modalities/releve/store", {
    Resources: [await named(studyOf(byDimse))],
    Synchronous: true,
  });
  const entries = await kept(byDimse);
  const files = await Promise.all(entries.map((entry) => door.intake.store.read(entry.digest)));
  expect(await contents(files)).toEqual(await contents(byDimse.map(({ bytes }) => bytes)));
});

test("it sends a study by STOW-RS", async () => {
  await orthanc.call("POST", "/dicom-web/servers/releve/stow", {
    Resources: [await named(studyOf(byStow))],
    Synchronous: true,
  });
  const entries = await kept(byStow);
  expect(new Set(entries.map((entry) => entry.door))).toEqual(new Set(["stow"]));
  const files = await Promise.all(entries.map((entry) => door.intake.store.read(entry.digest)));
  expect(await contents(files)).toEqual(await contents(byStow.map(({ bytes }) => bytes)));
});

test("it finds by QIDO-RS and reads back by WADO-RS what it had deleted", async () => {
  const study = studyOf(byStow);
  const found = (await orthanc.call("POST", "/dicom-web/servers/releve/qido", {
    Uri: "/studies",
    Arguments: { StudyInstanceUID: study },
  })) as Record<string, { Value: unknown }>[];
  expect(found).toHaveLength(1);
  await orthanc.call("DELETE", `/studies/${await named(study)}`);
  await orthanc.call("POST", "/dicom-web/servers/releve/retrieve", {
    Resources: [{ Study: study }],
    Synchronous: true,
  });
  const statistics = (await orthanc.call("GET", `/studies/${await named(study)}/statistics`)) as object;
  expect(statistics).toMatchObject({ CountInstances: 50 });
});
