/** Who is heard during a second, four beats long. */
import { systemClock } from "@releve/domain/clock";
import { listenToHeartbeats } from "@releve/wire/heartbeat-listener";
import type { LiveNode } from "@releve/api/api-context";
import { runningLedger } from "./open-running.ts";

const listenMs = 1_000;

/** @throws Fault NOT_RUNNING; WireFault WIRE_UNREACHABLE. */
export async function heardNodes(dataDir: string): Promise<LiveNode[]> {
  const listener = await listenToHeartbeats(runningLedger(dataDir));
  try {
    await systemClock.wait(listenMs);
    return [...listener.liveness().nodes.values()]
      .filter(({ beat }) => beat.kind === "recon")
      .map(({ beat, status }) => ({ ...beat, status }));
  } finally {
    await listener.stop();
  }
}
