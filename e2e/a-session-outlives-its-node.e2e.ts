/** A person reads a study in the viewer: three linked planes, a measurement, both languages; its node is killed, the picture stays. */
import { mkdir } from "node:fs/promises";
import { webUrlOf } from "@releve/server/cluster/topology";
import { sendStudy } from "@releve/server/demo/send-study";
import { generatedFiles } from "@releve/server/demo/source-files";
import { studiesOf } from "@releve/server/demo/summary";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { chromiumPage } from "./support/chromium.ts";
import { embeddedCluster, gatewayOf, newPlace, watchCluster } from "./support/embedded-cluster.ts";

const settles = { timeout: 90_000, interval: 100 };
/** Kept for looking at. */
const pictures = ".cache/e2e";

test("a session outlives its node, with the last annotation", { timeout: 420_000 }, async () => {
  await mkdir(pictures, { recursive: true });
  const place = await newPlace();
  const cluster = await embeddedCluster(place);
  const { index } = await watchCluster(cluster);
  const files = generatedFiles(ctPhantom({ slices: 60, columns: 128, rows: 128 }));
  await sendStudy(gatewayOf(cluster), files, () => {});
  const settled = () => studiesOf(index).filter(({ status }) => status === "ruled");
  await expect.poll(() => settled().length, settles).toBe(1);

  const page = await chromiumPage();
  const console = webUrlOf(place.ports.sites["site-a"].console);
  await page.goto(`${console}/#/studies/${settled()[0]!.study}`);
  await page.getByRole("button", { name: "Open", exact: true }).first().click();
  await page.waitForURL(/\/session\/[0-9a-f-]{36}$/);
  const [axial, coronal, sagittal, whole] = ["Axial", "Coronal", "Sagittal", "Whole volume"].map((name) =>
    page.getByRole("img", { name }),
  ) as [Locator, Locator, Locator, Locator];
  for (const viewport of [axial, coronal, sagittal, whole])
    await expect.poll(() => viewport.getAttribute("data-quality"), settles).toBe("rest");
  await page.screenshot({ path: `${pictures}/session-opened.png` });

  // By keyboard alone: a window, the next plane, the next look.
  await axial.focus();
  await page.keyboard.press("ArrowDown");
  await page.getByRole("combobox", { name: "Window" }).selectOption({ label: "Bone" });
  await expect.poll(() => probeAt(page, axial), settles).toMatch(/-?\d+/);

  // A length between two points that are a quarter of the picture apart.
  await page.keyboard.press("l");
  const box = (await axial.boundingBox())!;
  await page.mouse.click(box.x + box.width * 0.375, box.y + box.height * 0.5);
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5);
  await page.mouse.click(box.x + box.width * 0.625, box.y + box.height * 0.5);
  await page.getByText("not yet safe").waitFor({ state: "detached" });
  await expect.poll(() => axial.getAttribute("data-quality"), settles).toBe("rest");
  const before = await axial.screenshot({ path: `${pictures}/session-before.png` });
  expect(before.length).toBeGreaterThan(1_000);
  const place1 = await page.getByText(/^at site-a\//).textContent();
  const node = /site-a\/(\S+),/.exec(place1!)![1]!;

  const killedMs = performance.now();
  await cluster.supervisor.killForGood(node);
  await page.locator('canvas[data-epoch="2"]').first().waitFor();
  process.stdout.write(`node killed: painted again after ${Math.round(performance.now() - killedMs)} ms\n`);
  await page.getByText("moved once").waitFor();
  await expect.poll(() => axial.getAttribute("data-epoch"), settles).toBe("2");
  await expect.poll(() => axial.getAttribute("data-quality"), settles).toBe("rest");
  // Pixel by pixel: the same plane, the same window, the same length.
  await expect.poll(async () => (await axial.screenshot()).equals(before), settles).toBe(true);

  await page.getByText("Français").click();
  await page.getByRole("button", { name: "Distance" }).waitFor();
  await page.getByText("déplacée une fois").waitFor();
  await page.screenshot({ path: `${pictures}/session-after-in-french.png` });

  // The same address, opened again, at the other site too, goes on where it was.
  const address = new URL(page.url()).pathname;
  await page.goto(`${webUrlOf(place.ports.sites["site-b"].console)}${address}`);
  await expect
    .poll(() => page.getByRole("img", { name: /Axial/ }).getAttribute("data-quality"), settles)
    .toBe("rest");
  await page.goto(`${console}/session/00000000-0000-4000-8000-000000000000`);
  await page.getByText("n'existe pas").or(page.getByText("no such session")).waitFor();
});

/** What the status bar says of the value under the pointer. */
async function probeAt(page: Page, viewport: Locator): Promise<string> {
  await viewport.hover();
  return (await page.locator("[data-probe]").textContent()) ?? "";
}
