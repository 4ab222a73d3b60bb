/**
 * A slow, lossy line in user space, because a kernel may lack netem: socat reads packets from a TUN device and hands each as
 * one datagram to a relay, which gives them back later, or never.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { systemClock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { SlowLine } from "../running-cluster.ts";
import { runIp } from "./run-ip.ts";

const relay = fileURLToPath(new URL("./slow-relay.ts", import.meta.url));
const device = "slow0";
/** In the router's own namespace, where nothing else listens. */
const socatPort = 5002;
const relayPort = 5001;
const readyWithinMs = 10_000;

/** Whether the machine has what a slow line needs. */
export const slowLineAllowed = (): boolean =>
  existsSync("/dev/net/tun") && (existsSync("/usr/bin/socat") || existsSync("/usr/local/bin/socat"));

/** @throws Fault NETWORK_FAILED. */
export async function startSlowLine(
  namespace: string,
  { delayMs, loss }: SlowLine,
): Promise<{ readonly device: string; readonly stop: () => Promise<void> }> {
  const inside = (command: readonly string[]) =>
    spawn("ip", ["netns", "exec", namespace, ...command], { stdio: ["ignore", "pipe", "ignore"] });
  const tun = `TUN,tun-name=${device},iff-up,iff-no-pi`;
  const socat = inside(["socat", `UDP-DATAGRAM:127.0.0.1:${relayPort},bind=127.0.0.1:${socatPort}`, tun]);
  const node = inside([
    process.execPath,
    relay,
    String(relayPort),
    String(socatPort),
    String(delayMs / 2),
    String(loss),
  ]);
  const stop = async () => {
    for (const child of [socat, node]) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    }
  };
  try {
    await Promise.all([once(node.stdout, "data"), deviceIn(namespace)]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { device, stop };
}

async function deviceIn(namespace: string): Promise<void> {
  const untilMs = systemClock.nowMs() + readyWithinMs;
  while (!(await runIp(`-n ${namespace} link show`)).includes(device)) {
    if (systemClock.nowMs() > untilMs)
      throw new Fault("NETWORK_FAILED", "socat made no TUN device for the slow line", "later");
    await systemClock.wait(50);
  }
}
