/** The embedded nats-server as a child process: its configuration written, started, waited for, stopped by its pid. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, openSync, closeSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { systemClock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import { natsServerConfig, type ServerConfig } from "@releve/ledger/jetstream/server-config";
import { natsServerBinary } from "../config/read-settings.ts";
import type { Child } from "./child.ts";
import { stopInTime } from "./stop-in-time.ts";

const startWithinMs = 20_000;
const lookEveryMs = 50;
const leftoverWithinMs = 10_000;

export type NatsPlan = Omit<ServerConfig, "storeDirectory"> & {
  /** Holds its configuration, log, pid and, under `data`, what it stores. */
  readonly dir: string;
  /** What comes before the command, such as `ip netns exec NAME`. */
  readonly within?: readonly string[];
};

/** Where the server keeps its streams: what a backup of a ledger server is a copy of. */
export const natsStoreIn = (dir: string): string => join(dir, "data");

/** One server for this machine alone. @throws Fault NATS_FAILED in one sentence. */
export const startNats = (dir: string, port: number): Promise<Child> =>
  startNatsServer({ dir, serverName: "releve", host: "127.0.0.1", port });

/** Waits until it takes connections. @throws Fault NATS_FAILED in one sentence. */
export async function startNatsServer({ dir, within = [], ...config }: NatsPlan): Promise<Child> {
  mkdirSync(dir, { recursive: true });
  const { config: file, pidFile, log: logFile } = filesIn(dir);
  writeFileSync(file, natsServerConfig({ ...config, storeDirectory: natsStoreIn(dir) }));
  const command = [...within, natsServerBinary(), "-c", file, "-P", pidFile];
  const log = openSync(logFile, "a");
  const child = spawn(command[0]!, command.slice(1), { stdio: ["ignore", log, log], detached: true });
  closeSync(log); // the child has its own
  const gone = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  await listening({ child, gone, host: config.host, port: config.port, logFile });
  const kill = (signal: NodeJS.Signals) => void child.kill(signal);
  return { pid: child.pid!, gone, kill, stop: () => stopInTime(gone, kill) };
}

type Starting = {
  readonly child: ChildProcess;
  readonly gone: Promise<string>;
  readonly host: string;
  readonly port: number;
  readonly logFile: string;
};

async function listening({ child, gone, host, port, logFile }: Starting): Promise<void> {
  const untilMs = systemClock.nowMs() + startWithinMs;
  let ended: string | undefined;
  void gone.then((how) => (ended = how));
  while (!(await answers(host, port))) {
    if (ended !== undefined || systemClock.nowMs() > untilMs) {
      child.kill("SIGKILL");
      throw new Fault(
        "NATS_FAILED",
        `nats-server did not start (${ended ?? "no answer in time"}); its log is ${logFile}`,
        "later",
      );
    }
    await systemClock.wait(lookEveryMs);
  }
}

const answers = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once("connect", () => (socket.destroy(), resolve(true)));
    socket.once("error", () => resolve(false));
  });

const filesIn = (dir: string) => ({
  config: join(dir, "nats.conf"),
  pidFile: join(dir, "nats.pid"),
  log: join(dir, "nats.log"),
});

/** A start that was killed leaves its server behind. Only a process that runs on this very configuration is stopped. */
export async function stopLeftoverNats(dir: string): Promise<void> {
  const { config, pidFile } = filesIn(dir);
  const pid = Number(readIfThere(pidFile));
  if (!Number.isInteger(pid) || pid <= 1 || !readIfThere(`/proc/${pid}/cmdline`).includes(config)) return;
  process.kill(pid, "SIGTERM");
  process.kill(pid, "SIGCONT");
  const untilMs = systemClock.nowMs() + leftoverWithinMs;
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
