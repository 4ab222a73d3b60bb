/** A person asks for what no rule asks for: at the console and by the command. It is computed, delivered, and refused with a reason. */
import { request } from "@releve/server/commands/request";
import { webUrlOf } from "@releve/server/cluster/topology";
import { sendStudy } from "@releve/server/demo/send-study";
import { generatedFiles } from "@releve/server/demo/source-files";
import { jobsOf, studiesOf } from "@releve/server/demo/summary";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { instancesOf } from "./support/ask-dicomweb.ts";
import { chromiumPage } from "./support/chromium.ts";
import { embeddedCluster, gatewayOf, newPlace, watchCluster } from "./support/embedded-cluster.ts";

const settles = { timeout: 90_000, interval: 100 };

test("what a person asks for is computed and delivered, once", { timeout: 300_000 }, async () => {
  const place = await newPlace();
  const cluster = await embeddedCluster(place);
  const { index, finished } = await watchCluster(cluster);
  await sendStudy(gatewayOf(cluster), generatedFiles(ctPhantom({ slices: 12 })), () => {});
  await expect.poll(() => studiesOf(index).map(({ status }) => status), settles).toEqual(["ruled"]);
  const [study] = studiesOf(index);
  const byRule = new Set(jobsOf(index).map(({ job }) => job));
  const console = webUrlOf(place.ports.sites["site-b"].console);

  // By the command, at the site that did not receive the study; the same wish twice is one job.
  const asked = {
    data: place.dataDir,
    console,
    study: study!.studyInstanceUid,
    app: "slab",
    parameters: JSON.stringify({ kind: "rotating", projection: "max", views: 3, arcDegrees: 180 }),
  };
  expect(await request(asked)).toBe(0);
  expect(await request(asked)).toBe(0);
  expect(await request({ ...asked, parameters: '{"kind":"rotating"}' })).toBe(1);
  // With what the application itself begins with: a line through the middle of the slices.
  const { parameters: _, ...suggested } = asked;
  expect(await request({ ...suggested, app: "curved" })).toBe(0);

  // At the console.
  const page = await chromiumPage();
  await page.goto(`${console}/#/studies/${study!.study}`);
  await page.getByRole("button", { name: "Ask for an application" }).click();
  await page.getByLabel("Application").selectOption({ label: "Volume rendering" });
  await page.getByLabel("Views").fill("1000");
  await expectRefused(page, "views: Too big");
  await page.getByLabel("Views").fill("2");
  await page.getByLabel("Pixels a side, at most").fill("64");
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await page.getByText("It is asked for:").getByRole("link").click();
  await page.getByText("rendering").first().waitFor();

  const studies = new Set([study!.study]);
  expect(await finished({ studies, destinations: 2 })).toEqual([]);
  const byHand = jobsOf(index).filter(({ job }) => !byRule.has(job));
  expect(byHand.map(({ application }) => application).toSorted()).toEqual(["curved", "rendering", "slab"]);
  expect(byHand.map(({ status, priority }) => [status, priority])).toEqual([
    ["completed", "urgent"],
    ["completed", "urgent"],
    ["completed", "urgent"],
  ]);
  const archive = `${webUrlOf(place.ports.archive.web)}/dicom-web`;
  const held = await instancesOf(archive, study!.studyInstanceUid);
  for (const { outputs } of byHand) {
    expect(outputs.length).toBeGreaterThan(0);
    for (const { sopInstanceUid } of outputs) expect(held).toContain(sopInstanceUid);
  }
  await expect.poll(() => page.getByText("delivered", { exact: true }).count(), settles).toBe(2);
});

/** The reason stands beside the button, in the person's own language; nothing was recorded. */
async function expectRefused(page: Page, reason: string): Promise<void> {
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await page.getByText(reason).waitFor();
  await page.getByText("Français").click();
  await page.getByRole("button", { name: "Demander", exact: true }).click();
  await page.getByText("Pas avec ces paramètres").waitFor();
  await page.getByText("views: Trop grand").waitFor();
  await page.getByText("English").click();
}
