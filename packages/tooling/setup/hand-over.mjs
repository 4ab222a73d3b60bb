import { spawn } from "node:child_process";
import { constants } from "node:os";

const stopLimitMs = 30_000;
/** @type {readonly NodeJS.Signals[]} */
const forwarded = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Gives the terminal to the real program and waits for it. Signals reach it once each: in a terminal ctrl-c already goes
 * to the whole process group, so it is passed on only where there is none. What does not stop in time is killed.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the exit code, 128 + n where signal n ended it
 */
export function handOver(program, args, env) {
  const inTerminal = Boolean(process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY);
  const child = spawn(program, args, { stdio: "inherit", env });
  /** @type {NodeJS.Timeout | undefined} */
  let killTimer;
  /** @param {NodeJS.Signals} signal */
  const passOn = (signal) => {
    if (signal !== "SIGINT" || !inTerminal) child.kill(signal);
    killTimer ??= setTimeout(() => child.kill("SIGKILL"), stopLimitMs);
  };
  for (const signal of forwarded) process.on(signal, passOn);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(killTimer);
      for (const each of forwarded) process.off(each, passOn);
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}
