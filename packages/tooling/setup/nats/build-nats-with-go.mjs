import { mkdirSync } from "node:fs";
import { knownCause } from "../failure.mjs";
import { runTool } from "../run-tool.mjs";

const natsModule = "github.com/nats-io/nats-server/v2@v2.15.2";
const limitMs = 10 * 60_000;

/**
 * Builds the pinned nats-server from its Go module.
 * @param {string} folder receives the binary `nats-server`
 * @param {(text: string) => void} log
 * @returns {Promise<string | undefined>} why it did not work, or undefined when it did
 */
export async function buildNatsWithGo(folder, log) {
  mkdirSync(folder, { recursive: true });
  const env = { ...process.env, GOBIN: folder };
  const result = await runTool("go", ["install", natsModule], { log, timeoutMs: limitMs, env });
  if (result.kind === "missing") return "Go is not on PATH";
  if (result.ok) return undefined;
  return `go install failed: ${knownCause(result.output) ?? result.output.trim().split("\n").at(-1)}`;
}
