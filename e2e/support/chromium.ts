/** Chromium without a window, closed when the test ends. */
import { chromium, type Page } from "playwright-core";
import { onTestFinished } from "vitest";

const executablePath = "/usr/bin/chromium";
const answerMs = 30_000;

/** An empty tab. It runs as whoever runs the tests, who may be root: hence no sandbox, for pages of our own only. */
export async function chromiumPage(): Promise<Page> {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  page.setDefaultTimeout(answerMs);
  return page;
}
