import { runTool } from "../run-tool.mjs";
import { judgeNatsVersion } from "./nats-version.mjs";

/**
 * Runs a nats-server only to ask for its version.
 * @param {string} binary a path, or a name to be found on PATH
 * @param {(text: string) => void} log
 * @returns {Promise<import("./nats-version.mjs").NatsVerdict | { kind: "missing" }>}
 */
export async function probeNats(binary, log) {
  const result = await runTool(binary, ["--version"], { log, timeoutMs: 10_000 });
  if (result.kind === "missing") return result;
  if (!result.ok) return { kind: "refused", reason: `it does not run here: ${result.output.trim()}` };
  return judgeNatsVersion(result.output);
}
