/** The embedded nats-server as a child process: its configuration written, started, waited for, stopped by its pid. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { systemClock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import { natsServerConfig } from "@releve/ledger/jetstream/server-config";
import { natsServerBinary } from "../config/read-settings.ts";

export type NatsProcess = {
  readonly gone: Promise<string>;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly stop: () => Promise<void>;
};

const startWithinMs = 20_000;
const lookEveryMs = 50;
const stopWithinMs = 10_000;

/** @throws Fault NATS_FAILED in one sentence. */
export async function startNats(dir: string, port: number): Promise<NatsProcess> {
  mkdirSync(dir, { recursive: true });
  const { config, pidFile } = filesIn(dir);
  writeFileSync(
    config,
    natsServerConfig({ serverName: "releve", host: "127.0.0.1", port, storeDirectory: join(dir, "data") }),
  );
  const log = openSync(join(dir, "nats.log"), "a");
  const child = spawn(natsServerBinary(), ["-c", config, "-P", pidFile], {
    stdio: ["ignore", log, log],
    detached: true,
  });
  const gone = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  await listening(child, gone, port, join(dir, "nats.log"));
  const kill = (signal: NodeJS.Signals) => void child.kill(signal);
  return { gone, kill, stop: () => stop(gone, kill) };
}

async function listening(
  child: ChildProcess,
  gone: Promise<string>,
  port: number,
  log: string,
): Promise<void> {
  const untilMs = systemClock.nowMs() + startWithinMs;
  let ended: string | undefined;
  void gone.then((how) => (ended = how));
  while (!(await answers(port))) {
    if (ended !== undefined || systemClock.nowMs() > untilMs) {
      child.kill("SIGKILL");
      throw new Fault(
        "NATS_FAILED",
        `nats-server did not start (${ended ?? "no answer in time"}); its log is ${log}`,
        "later",
      );
    }
    await systemClock.wait(lookEveryMs);
  }
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => (socket.destroy(), resolve(true)));
    socket.once("error", () => resolve(false));
  });

async function stop(gone: Promise<string>, kill: (signal: NodeJS.Signals) => void): Promise<void> {
  kill("SIGTERM");
  const timer = setTimeout(() => kill("SIGKILL"), stopWithinMs);
  await gone;
  clearTimeout(timer);
}

const filesIn = (dir: string) => ({ config: join(dir, "nats.conf"), pidFile: join(dir, "nats.pid") });

/** A start that was killed leaves its server behind. Only a process that runs on this very configuration is stopped. */
export async function stopLeftoverNats(dir: string): Promise<void> {
  const { config, pidFile } = filesIn(dir);
  const pid = Number(readIfThere(pidFile));
  if (!Number.isInteger(pid) || pid <= 1 || !readIfThere(`/proc/${pid}/cmdline`).includes(config)) return;
  process.kill(pid, "SIGTERM");
  const untilMs = systemClock.nowMs() + stopWithinMs;
  while (readIfThere(`/proc/${pid}/cmdline`).includes(config)) {
    if (systemClock.nowMs() > untilMs)
      throw new Fault("NATS_FAILED", `process ${pid} of an earlier start does not stop`, "later");
    await systemClock.wait(lookEveryMs);
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // no such file or process: there is no leftover
  }
}
