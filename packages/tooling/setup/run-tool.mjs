import { spawn } from "node:child_process";

const keptCharacters = 64 * 1024;

/**
 * Runs a tool of the set-up quietly and waits for it. A missing tool is a result, not an exception.
 * @typedef {{ kind: "ended", ok: boolean, output: string } | { kind: "missing" }} ToolResult
 * @param {string} tool
 * @param {readonly string[]} args
 * @param {{ log: (text: string) => void, timeoutMs: number, cwd?: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<ToolResult>} `output` is the end of stdout and stderr together
 */
export function runTool(tool, args, { log, timeoutMs, cwd, env = process.env }) {
  log(`$ ${[tool, ...args].join(" ")}`);
  return new Promise((resolve, reject) => {
    const child = spawn(tool, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    // Not spawn's own timeout: after ENOENT its timer stays and would hold the whole process.
    const timer = setTimeout(() => child.kill("SIGTERM"), timeoutMs);
    const forget = stopWithUs(child);
    const release = () => {
      clearTimeout(timer);
      forget();
    };
    let output = "";
    /** @param {Buffer} chunk */
    const keep = (chunk) => {
      log(chunk.toString());
      output = (output + chunk.toString()).slice(-keptCharacters);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => {
      release();
      if ("code" in error && error.code === "ENOENT") resolve({ kind: "missing" });
      else reject(error);
    });
    child.on("close", (code, signal) => {
      release();
      if (signal) output += `\nstopped by ${signal} (the limit is ${timeoutMs / 1000} s)`;
      resolve({ kind: "ended", ok: code === 0, output });
    });
  });
}

/**
 * A set-up that is interrupted takes its tool with it.
 * @param {import("node:child_process").ChildProcess} child
 */
function stopWithUs(child) {
  /** @param {NodeJS.Signals} signal */
  const stop = (signal) => {
    child.kill("SIGTERM");
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  return () => {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  };
}
