import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { bringPnpm } from "./bring-pnpm.mjs";
import { stepFailure } from "./failure.mjs";
import { fingerprint, isDue, readStamp, writeStamp } from "./fingerprint.mjs";
import { runTool } from "./run-tool.mjs";

const limitMs = 15 * 60_000;

/**
 * Installs what the lock file says, unless that was done for these very files.
 * The stamp lies in node_modules, so that removing the folder removes it too.
 * @param {string} root
 * @param {string} cache
 * @param {import("./progress.mjs").Progress} progress
 */
export async function installDependencies(root, cache, progress) {
  const stampFile = join(root, "node_modules/.releve-installed");
  const inputs = `${process.platform}-${process.arch} ${fingerprint(root, installInputs(root))}`;
  const productThere = existsSync(join(root, "node_modules/node/bin/node"));
  if (!isDue({ stamp: readStamp(stampFile), inputs, productThere })) return;
  const pnpm = await bringPnpm(cache, progress);
  await progress.step("Installing the dependencies", async () => {
    const args = [pnpm, "install", "--frozen-lockfile", "--config.confirmModulesPurge=false"];
    const result = await runTool(process.execPath, args, {
      log: progress.log,
      timeoutMs: limitMs,
      cwd: root,
      env: withoutProductionMode(process.env),
    });
    if (result.kind === "missing" || !result.ok)
      throw stepFailure(
        "Installing the dependencies",
        result.kind === "ended" ? result.output : "",
        progress.logFile,
      );
  });
  writeStamp(stampFile, inputs);
}

/**
 * Every file that decides what is installed.
 * @param {string} root
 * @returns {string[]} relative to root
 */
export function installInputs(root) {
  const packages = readdirSync(join(root, "packages")).map((name) => `packages/${name}/package.json`);
  return ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", "e2e/package.json", ...packages];
}

/**
 * NODE_ENV=production would leave the development tools out, Node 24 among them.
 * @param {NodeJS.ProcessEnv} env
 */
function withoutProductionMode({ NODE_ENV: _ignored, ...env }) {
  return env;
}
