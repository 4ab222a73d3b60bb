/** Namespaces of a run that was killed: their names carry its process id. */
import { existsSync } from "node:fs";
import { systemClock } from "@releve/domain/clock";
import { runIp } from "./run-ip.ts";

const goneWithinMs = 5_000;
const lookEveryMs = 50;

const runOf = (name: string): number => Number(/^releve-(\d+)-/.exec(name)?.[1] ?? 0);

/** Removes those whose run no longer lives, with what still runs in them. */
export async function removeLeftovers(): Promise<void> {
  const names = (await runIp("netns list")).split("\n").map((line) => line.split(" ")[0]!);
  for (const name of names) {
    const run = runOf(name);
    if (run > 0 && !existsSync(`/proc/${run}`)) await removeNamespace(name);
  }
}

/** Ends what runs in it first: the namespace would stay as long as a process holds it. */
export async function removeNamespace(name: string): Promise<void> {
  const untilMs = systemClock.nowMs() + goneWithinMs;
  for (let pids = await pidsIn(name); pids.length > 0; pids = await pidsIn(name)) {
    for (const pid of pids) kill(pid);
    if (systemClock.nowMs() > untilMs) break;
    await systemClock.wait(lookEveryMs);
  }
  await runIp(`netns del ${name}`);
}

const pidsIn = async (name: string): Promise<readonly number[]> =>
  (await runIp(`netns pids ${name}`)).split("\n").filter(Boolean).map(Number);

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it ended by itself meanwhile
  }
}
