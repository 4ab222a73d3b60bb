import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { memoryLog } from "@releve/ledger/memory-log";
import { expect, onTestFinished, test } from "vitest";
import { failpointOf, logWithSteps, noFailpoint, type FailpointOrder } from "./failpoint.ts";

function orderFile(order: FailpointOrder): string {
  const dir = mkdtempSync(join(tmpdir(), "failpoint-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, "order.json");
  writeFileSync(file, JSON.stringify(order));
  return file;
}

/** A process that goes through two steps and says so. @returns how it ended and what it said. */
function walk(file: string): { readonly signal: string | null; readonly said: string } {
  const source = `
    import { failpointOf } from ${JSON.stringify(fileURLToPath(new URL("failpoint.ts", import.meta.url)))};
    const failpoint = failpointOf(${JSON.stringify(file)}, "recon");
    for (const study of ["one", "two"]) { failpoint("after JobClaimed", study); process.stdout.write(study); }`;
  const { signal, stdout } = spawnSync(process.execPath, ["--input-type=module-typescript", "-e", source]);
  return { signal, said: String(stdout) };
}

test("the process ends at the step that is ordered, about what is ordered, and the order is then done", () => {
  const file = orderFile({ step: "recon after JobClaimed", of: "two", everyTime: false });
  expect(walk(file)).toEqual({ signal: "SIGKILL", said: "one" });
  expect(existsSync(file)).toBe(false);
  expect(walk(file)).toEqual({ signal: null, said: "onetwo" });
});

test("an order for every time is never done; one for another role or step is not ours", () => {
  const file = orderFile({ step: "recon after JobClaimed", of: null, everyTime: true });
  for (const _ of [1, 2]) expect(walk(file)).toEqual({ signal: "SIGKILL", said: "" });
  expect(walk(orderFile({ step: "gateway after JobClaimed", of: null, everyTime: true })).signal).toBeNull();
});

test("without the setting the ledger is used as it is", () => {
  const log = memoryLog();
  expect(failpointOf("", "recon")).toBe(noFailpoint);
  expect(logWithSteps(log, noFailpoint)).toBe(log);
});
