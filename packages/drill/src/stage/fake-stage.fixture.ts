/** Three sites that only note what is done to them, for tests of the faults themselves. */
import type { Commit } from "@releve/ledger/event-log";
import type { ManagedProcess, RunningCluster } from "@releve/server/cluster/running-cluster";
import { systemClock } from "@releve/domain/clock";
import { ledgerWatch } from "../watch/ledger-watch.ts";
import type { Stage } from "./stage.ts";

const letters = ["a", "b", "c"] as const;

export type FakeStage = { readonly stage: Stage; readonly done: string[] };

export function fakeStage(commits: readonly Commit[], leader = "nats-a"): FakeStage {
  const done: string[] = [];
  const watch = ledgerWatch(systemClock);
  for (const commit of commits) watch.take(commit);
  const process = (name: string, role: ManagedProcess["role"], site: string): ManagedProcess => ({
    name,
    role,
    site,
    pid: () => 1,
    attend: () => {},
    signal: (signal) => void done.push(`${signal} ${name}`),
    killForGood: async () => void done.push(`kill ${name}`),
    start: async () => void done.push(`start ${name}`),
  });
  const processes = letters.flatMap((letter) => {
    const site = `site-${letter}`;
    return [
      process(`nats-${letter}`, "nats", site),
      process(`gateway-${letter}`, "gateway", site),
      process(`${letter}1`, "recon", site),
      process(`${letter}2`, "recon", site),
      process(`api-${letter}`, "api", site),
    ];
  });
  const cluster = {
    sites: letters.map((letter) => ({ site: `site-${letter}` })),
    processes,
    network: {
      cut: async (from: string, to: string, direction = "both") =>
        void done.push(`cut ${from} ${to} ${direction}`),
      slow: async () => void done.push("slow"),
      heal: async () => void done.push("heal"),
    },
    ledgerLeader: async () => leader,
  } as unknown as RunningCluster;
  const pacs = {
    orthanc: {
      stop: async () => void done.push("stop pacs"),
      start: async () => void done.push("start pacs"),
    },
  };
  return { stage: { cluster, watch, pacs } as unknown as Stage, done };
}
