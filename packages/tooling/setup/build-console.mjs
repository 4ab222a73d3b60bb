import { existsSync } from "node:fs";
import { join } from "node:path";
import { bringPnpm } from "./bring-pnpm.mjs";
import { buildFailure } from "./failure.mjs";
import { fingerprint, isDue, readStamp, writeStamp } from "./fingerprint.mjs";
import { runTool } from "./run-tool.mjs";

const limitMs = 5 * 60_000;
const inputPaths = [
  "packages/console",
  "packages/apps/src",
  "packages/api/src",
  "packages/domain/src",
  "packages/wire/src",
  "pnpm-lock.yaml",
];

/**
 * Builds the console's pages unless they were built from these very files.
 * @param {string} root
 * @param {string} cache
 * @param {NodeJS.ProcessEnv} env with Node 24 first on PATH
 * @param {import("./progress.mjs").Progress} progress
 */
export async function buildConsole(root, cache, env, progress) {
  if (!existsSync(join(root, "packages/console/vite.config.ts"))) return;
  const stampFile = join(cache, "console-built");
  const inputs = fingerprint(root, inputPaths);
  const productThere = existsSync(join(root, "packages/console/dist/index.html"));
  if (!isDue({ stamp: readStamp(stampFile), inputs, productThere })) return;
  const pnpm = await bringPnpm(cache, progress);
  await progress.step("Building the console", async () => {
    const args = [pnpm, "--filter", "@releve/console", "exec", "vite", "build"];
    const options = { log: progress.log, timeoutMs: limitMs, cwd: root, env };
    const result = await runTool(process.execPath, args, options);
    if (result.kind === "missing" || !result.ok)
      throw buildFailure(
        "Building the console",
        result.kind === "ended" ? result.output : "",
        progress.logFile,
      );
  });
  writeStamp(stampFile, inputs);
}
