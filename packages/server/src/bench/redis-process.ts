/** A Redis that syncs every write to disk before it answers, for as long as a benchmark runs. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@releve/domain/clock";
import { firstTaken, freePorts } from "../cluster/ports.ts";

export type RunningRedis = { readonly port: number; readonly stop: () => Promise<void> };

export const hasRedis = (): boolean => spawnSync("redis-server", ["--version"]).status === 0;

const startLimitMs = 10_000;

/** @throws Error when it does not listen within 10 s. */
export async function startRedis(): Promise<RunningRedis> {
  const dir = await mkdtemp(join(tmpdir(), "releve-redis-"));
  const [port] = (await freePorts(1)) as [number];
  const settings = {
    port: String(port),
    bind: "127.0.0.1",
    dir,
    appendonly: "yes",
    appendfsync: "always",
    save: "",
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn("redis-server", args, { stdio: "ignore" });
  const gone = once(child, "exit");
  const untilMs = systemClock.nowMs() + startLimitMs;
  while ((await firstTaken([port])) === undefined) {
    if (systemClock.nowMs() > untilMs) throw new Error("redis-server does not listen");
    await systemClock.wait(20);
  }
  return {
    port,
    stop: async () => {
      child.kill("SIGTERM");
      await gone;
      await rm(dir, { recursive: true });
    },
  };
}
