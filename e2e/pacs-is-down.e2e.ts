/** A PACS that is down leaves its jobs completed and its deliveries waiting; it gets them when it is back. */
import { join } from "node:path";
import { startChild } from "@releve/server/cluster/child";
import { freePorts } from "@releve/server/cluster/ports";
import { webUrlOf } from "@releve/server/cluster/topology";
import { sendStudy } from "@releve/server/demo/send-study";
import { generatedFiles } from "@releve/server/demo/source-files";
import { deliveriesOf, jobsOf, studiesOf } from "@releve/server/demo/summary";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import { expect, onTestFinished, test } from "vitest";
import { instancesOf } from "./support/ask-dicomweb.ts";
import {
  embeddedCluster,
  gatewayOf,
  newPlace,
  temporaryFolder,
  watchCluster,
} from "./support/embedded-cluster.ts";

const within = { timeout: 60_000, interval: 100 };

test("results wait for a PACS that is down, and arrive when it is up", { timeout: 240_000 }, async () => {
  const [dimsePort, webPort] = (await freePorts(2)) as [number, number];
  const pacs = {
    kind: "dimse",
    name: "pacs",
    host: "127.0.0.1",
    port: dimsePort,
    calledAeTitle: "PACS",
  } as const;
  const cluster = await embeddedCluster(await newPlace(), [pacs]);
  const { index, finished } = await watchCluster(cluster);

  const sent = await sendStudy(gatewayOf(cluster), generatedFiles(ctPhantom({ slices: 30 })), () => {});
  expect(sent.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 30 }, () => "stored"));

  // Down: every job completes, and every delivery says why it failed and when it is tried next.
  await expect.poll(() => studiesOf(index).map(({ status }) => status), within).toEqual(["ruled"]);
  await expect
    .poll(() => new Set(jobsOf(index).map(({ status }) => status)), within)
    .toEqual(new Set(["completed"]));
  const jobs = jobsOf(index);
  await expect
    .poll(() => deliveriesOf(index).filter(({ nextAtMs }) => nextAtMs !== undefined).length, within)
    .toBe(jobs.length);
  for (const delivery of deliveriesOf(index)) {
    expect(delivery).toMatchObject({ status: "pending", destination: "pacs", detail: expect.any(String) });
    expect(delivery.attempts).toBeGreaterThan(0);
  }

  // Up.
  const archive = await startPacs(dimsePort, webPort);
  const studies = new Set(studiesOf(index).map(({ study }) => study));
  expect(await finished({ studies, destinations: 1 })).toEqual([]);
  for (const delivery of deliveriesOf(index)) {
    expect(delivery.status).toBe("delivered");
    expect(delivery.attempts).toBeGreaterThan(1);
  }
  const results = jobsOf(index).flatMap(({ outputs }) => outputs.map(({ sopInstanceUid }) => sopInstanceUid));
  const [study] = studiesOf(index);
  expect((await instancesOf(archive, study!.studyInstanceUid)).toSorted()).toEqual(results.toSorted());
  expect(results.length).toBeGreaterThan(0);
});

/** An archive of ours that stands for the PACS. @returns its DICOMweb root. */
async function startPacs(dimsePort: number, webPort: number): Promise<string> {
  const dataDir = await temporaryFolder("releve-e2e-pacs-");
  const plan = {
    name: "pacs",
    role: "archive",
    environment: {
      RELEVE_SITE: "pacs",
      RELEVE_DATA_DIR: join(dataDir, "data"),
      RELEVE_HTTP_PORT: String(webPort),
      RELEVE_DIMSE_PORT: String(dimsePort),
      RELEVE_AE_TITLE: "PACS",
    },
  } as const;
  const child = await startChild(plan, join(dataDir, "log"));
  onTestFinished(child.stop);
  return `${webUrlOf(webPort)}/dicom-web`;
}
