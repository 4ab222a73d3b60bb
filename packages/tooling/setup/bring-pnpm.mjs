import { existsSync } from "node:fs";
import { join } from "node:path";
import { SetupFailure, stepFailure } from "./failure.mjs";
import { runTool } from "./run-tool.mjs";

const pnpmVersion = "12.21.0";
const limitMs = 5 * 60_000;

/**
 * The pinned pnpm in the project's cache, installed there by npm when it is not. Any pnpm of the machine is left alone.
 * @param {string} cache
 * @param {import("./progress.mjs").Progress} progress
 * @returns {Promise<string>} the script to run with node
 */
export async function bringPnpm(cache, progress) {
  const folder = join(cache, `pnpm-${pnpmVersion}`);
  const script = join(folder, "node_modules/pnpm/bin/pnpm.mjs");
  if (existsSync(script)) return script;
  const args = ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", `pnpm@${pnpmVersion}`];
  await progress.step(`Bringing pnpm ${pnpmVersion}`, async () => {
    const result = await runTool("npm", args, { log: progress.log, timeoutMs: limitMs });
    if (result.kind === "missing")
      throw new SetupFailure(
        "npm is not on PATH: install Node.js 20 or newer with its npm and run this again.",
      );
    if (!result.ok) throw stepFailure("Bringing pnpm by npm", result.output, progress.logFile);
  });
  return script;
}
