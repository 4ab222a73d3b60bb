/** `releve nodes`: who is heard during a second, four beats long. */
import { systemClock } from "@releve/domain/clock";
import { listenToHeartbeats } from "@releve/wire/heartbeat-listener";
import { runningLedger } from "./open-running.ts";

const listenMs = 1_000;

export async function showNodes(args: {
  readonly data: string;
  readonly json?: boolean | undefined;
}): Promise<number> {
  const listener = await listenToHeartbeats(runningLedger(args.data));
  try {
    await systemClock.wait(listenMs);
    const nodes = [...listener.liveness().nodes.values()].map(({ beat, status }) => ({ ...beat, status }));
    const sorted = nodes.toSorted((a, b) => (`${a.site}/${a.node}` < `${b.site}/${b.node}` ? -1 : 1));
    const lines = args.json
      ? [JSON.stringify(sorted, undefined, 2)]
      : sorted.map(({ site, node, status, busy, slots, loopLagMs }) =>
          [
            site.padEnd(10),
            node.padEnd(6),
            status.padEnd(8),
            `busy ${busy} of ${slots}`,
            `lag ${Math.round(loopLagMs)} ms`,
          ].join("  "),
        );
    for (const line of lines) process.stdout.write(`${line}\n`);
    return sorted.length > 0 ? 0 : 1;
  } finally {
    await listener.stop();
  }
}
