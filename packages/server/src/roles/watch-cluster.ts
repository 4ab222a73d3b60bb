/** What a gateway hears of the others: which sites live, and how much work the nodes have. It beats itself. */
import { randomUUID } from "node:crypto";
import { steadyClock } from "@releve/domain/clock";
import { lostSites, type HeardProcess, type LostSince } from "@releve/gateway/sites/lost-sites";
import { admit, type Admission } from "@releve/ledger/dispatch/admission";
import { newLoadMeter } from "@releve/ledger/dispatch/load-meter";
import type { Commit } from "@releve/ledger/event-log";
import type { JobRequest } from "@releve/ledger/events/job";
import { listenToHeartbeats } from "@releve/wire/heartbeat-listener";
import { startHeartbeats } from "@releve/wire/heartbeat-sender";
import type { Liveness, LivenessChange } from "@releve/wire/liveness";
import { sitesOf } from "@releve/wire/site-liveness";
import type { SettingsOf } from "../config/settings.ts";
import { natsLink } from "./open-ledger.ts";
import { aborted } from "./shutdown.ts";

export type ClusterWatch = {
  readonly lostSites: () => LostSince;
  /** Sites of which no process is heard, and for how long. */
  readonly silentSites: () => ReadonlyMap<string, number>;
  readonly admit: (request: JobRequest) => Admission;
  /** Every commit of the ledger, for the load. */
  readonly observe: (commit: Commit, when: "past" | "live") => void;
  /** Beats and listens until the signal is aborted. */
  readonly run: (signal: AbortSignal) => Promise<void>;
};

/** @throws WireFault WIRE_UNREACHABLE */
export async function watchCluster(
  settings: SettingsOf<"gateway">,
  onChange: (change: LivenessChange) => void,
): Promise<ClusterWatch> {
  const site = settings.RELEVE_SITE;
  const self = { node: "gateway", site, incarnation: randomUUID() };
  const link = natsLink(settings, `gateway:${site}`);
  const beats = startHeartbeats({ ...self, ...link, kind: "gateway", slots: 0 });
  const listener = await listenToHeartbeats({
    ...link,
    own: { ...self, sender: beats },
    clock: steadyClock,
    onChange,
  }).catch(async (error: unknown) => {
    await beats.stop();
    throw error;
  });
  const startedMs = steadyClock.nowMs();
  const meter = newLoadMeter();
  return {
    lostSites: () => lostSites(site, heardIn(listener.liveness()), startedMs, steadyClock.nowMs()),
    silentSites: () => silentIn(listener.liveness()),
    admit: (request) =>
      admit({ nodes: capacities(listener.liveness()), ...meter.read(steadyClock.nowMs()) }, request),
    observe: (commit, when) =>
      when === "past" ? meter.apply(commit) : meter.apply(commit, steadyClock.nowMs()),
    run: async (signal) => {
      await aborted(signal);
      await Promise.all([beats.stop(), listener.stop()]);
    },
  };
}

const heardIn = ({ nodes }: Liveness): HeardProcess[] =>
  [...nodes.values()].map(({ beat, status, sinceMs }) => ({
    site: beat.site,
    kind: beat.kind,
    isLost: status === "lost",
    sinceMs,
  }));

function silentIn(liveness: Liveness): ReadonlyMap<string, number> {
  const sites = [...sitesOf(liveness, steadyClock.nowMs())];
  return new Map(
    sites.filter(([, { status }]) => status === "lost").map(([site, { silentMs }]) => [site, silentMs]),
  );
}

const capacities = ({ nodes }: Liveness) =>
  [...nodes.values()]
    .filter(({ beat, status }) => beat.kind === "recon" && status !== "lost" && !beat.draining)
    .map(({ beat }) => ({ slots: beat.slots, memoryBytes: beat.memoryBytes }));
