import { existsSync } from "node:fs";
import { join } from "node:path";
import { SetupFailure } from "./failure.mjs";
import { runTool } from "./run-tool.mjs";

/**
 * The Node that runs Relève itself: it comes as a dependency, whatever Node started the set-up.
 * @param {string} root
 * @param {import("./progress.mjs").Progress} progress
 * @returns {Promise<string>} path of the binary
 */
export async function findNode24(root, progress) {
  const binary = join(root, "node_modules/node/bin/node");
  if (existsSync(binary)) {
    const result = await runTool(binary, ["--version"], { log: progress.log, timeoutMs: 10_000 });
    if (result.kind === "ended" && result.ok && result.output.startsWith("v24.")) return binary;
  }
  throw new SetupFailure(
    `Node 24 does not run from ${binary}: remove the folder node_modules and run this again on a platform that Node 24 supports.`,
  );
}
