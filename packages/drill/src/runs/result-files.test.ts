import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readResults, writeResult } from "./result-files.ts";
import { resultOf } from "./run-result.fixture.ts";

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "releve-results-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

test("what was written is read again, in order; a run that was cut off in writing is not there", async () => {
  const dir = await folder();
  const results = [resultOf({ run: 10 }), resultOf({ run: 2 }), resultOf({ fault: "kill-api" })];
  for (const result of results) await writeResult(dir, result);
  await writeFile(join(dir, "runs", "kill-node-0011.json.part"), '{"fault":');
  expect((await readResults(dir)).map(({ fault, run }) => `${fault} ${run}`)).toEqual([
    "kill-api 1",
    "kill-node 2",
    "kill-node 10",
  ]);
});

test("no folder is no result; a file that is none is a clear fault", async () => {
  const dir = await folder();
  expect(await readResults(dir)).toEqual([]);
  await writeResult(dir, resultOf({}));
  await writeFile(join(dir, "runs", "kill-node-0002.json"), "{}");
  await expect(readResults(dir)).rejects.toMatchObject({ code: "RESULTS_UNREADABLE" });
});
