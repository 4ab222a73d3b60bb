/**
 * One role as a child process. It is ready when it says so over its IPC channel; it leaves when that channel closes, so a
 * supervisor that is killed leaves nothing behind. Its own process group, because ctrl-c is the supervisor's to handle.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Fault } from "@releve/domain/fault";
import { aborted } from "../roles/shutdown.ts";
import { inheritedEnvironment } from "../config/read-settings.ts";
import { stopInTime } from "./stop-in-time.ts";
import type { Supervised } from "./supervisor.ts";
import type { ProcessPlan } from "./topology.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

/** Node's start, the imports and the first connection take 1 to 3 s each on two busy cores with nine processes. */
const readyWithinMs = 90_000;
const nodeFlags = ["--disable-warning=ExperimentalWarning"];

export type Child = {
  readonly pid: number;
  /** Settles when the process is gone, with its exit code or signal in words. */
  readonly gone: Promise<string>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** SIGTERM, then SIGKILL when it does not leave in time. */
  readonly stop: () => Promise<void>;
};

/**
 * Starts the role and waits until it is ready, or until it is stopped before that: nothing of it is then left running.
 * @throws Fault ROLE_FAILED naming the role and the last line that it wrote.
 */
export async function startChild(plan: ProcessPlan, logDir: string, stopping?: AbortSignal): Promise<Child> {
  mkdirSync(logDir, { recursive: true });
  const command = [...(plan.within ?? []), process.execPath, ...nodeFlags, main, "role", plan.role];
  const child = spawn(command[0]!, command.slice(1), {
    env: { ...inheritedEnvironment(), ...plan.environment },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    detached: true,
  });
  const lastLine = keepLog(child, join(logDir, `${plan.name}.log`));
  const gone = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const ended = AbortSignal.any([AbortSignal.timeout(readyWithinMs), ...(stopping ? [stopping] : [])]);
  await ready({ child, gone, name: plan.name, lastLine }, ended);
  const kill = (signal: NodeJS.Signals) =>
    void (child.exitCode === null && child.signalCode === null && child.kill(signal));
  return { pid: child.pid!, gone, kill, stop: () => stopInTime(gone, kill) };
}

/** A role for the supervisor to keep up. */
export const supervisedRole = (plan: ProcessPlan, logDir: string): Supervised => ({
  name: plan.name,
  start: (stopping, extra) =>
    startChild({ ...plan, environment: { ...plan.environment, ...extra } }, logDir, stopping),
});

/** Appends both streams to the log; the returned function gives the last line, for the sentence that says why it failed. */
function keepLog(child: ChildProcess, path: string): () => string {
  const log = createWriteStream(path, { flags: "a" });
  let last = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      log.write(text);
      last = text.trimEnd() || last;
    });
  }
  child.once("close", () => log.end());
  return () => last.slice(-2000);
}

type Starting = {
  readonly child: ChildProcess;
  readonly gone: Promise<string>;
  readonly name: string;
  readonly lastLine: () => string;
};

async function ready({ child, gone, name, lastLine }: Starting, ended: AbortSignal): Promise<void> {
  const outcome = await Promise.race([
    new Promise<"ready">((resolve) => child.once("message", () => resolve("ready"))),
    gone,
    aborted(ended).then(() => "no answer in time"),
  ]);
  if (outcome === "ready") return;
  child.kill("SIGKILL");
  await gone;
  throw new Fault(
    "ROLE_FAILED",
    `${name} did not start (${outcome}): ${lastLine() || "it wrote nothing"}`,
    "later",
  );
}
