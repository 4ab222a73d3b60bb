/**
 * A network namespace for each site, joined by a router in a namespace of its own, which this machine reaches too:
 *
 *   this machine (net 0) --- router --- site a (net 1)
 *                              |  \---- site b (net 2) ...
 *
 * What goes from one site to another passes the router, so a cut is a rule there that drops without a word: established
 * connections stall, as on a cable that is cut.
 */
import { randomInt } from "node:crypto";
import { Fault } from "@releve/domain/fault";
import type { SiteNetwork, SlowLine } from "../running-cluster.ts";
import { removeLeftovers, removeNamespace } from "./leftover-namespaces.ts";
import { runIp } from "./run-ip.ts";
import { startSlowLine } from "./slow-line.ts";

export type OpenNetwork = {
  /** This machine's own address on it: what stands outside the sites, such as a PACS, is reached there. */
  readonly hostAddress: string;
  readonly addressOf: (site: string) => string;
  readonly namespaceOf: (site: string) => string;
  readonly network: SiteNetwork;
  readonly close: () => Promise<void>;
};

const cutPriority = 100;
const slowPriority = 200;
const slowTable = 100;

/** @throws Fault NETWORK_FAILED; nothing of it is then left. */
export async function openSiteNetwork(sites: readonly string[]): Promise<OpenNetwork> {
  await removeLeftovers();
  const layout = layoutOf(sites, await freePrefix());
  try {
    await build(layout);
  } catch (error) {
    await remove(layout).catch(() => {}); // what was built is removed; the first failure is the one to tell
    throw error;
  }
  return {
    hostAddress: layout.host.address,
    addressOf: (site) => place(layout, site).address,
    namespaceOf: (site) => place(layout, site).namespace,
    network: siteNetwork(layout),
    close: () => remove(layout),
  };
}

type Place = {
  readonly site: string;
  readonly namespace: string;
  readonly net: string;
  readonly address: string;
  readonly router: string;
  /** The router's end of the link. */
  readonly device: string;
};

type Layout = {
  readonly router: string;
  readonly all: string;
  readonly host: Omit<Place, "site" | "namespace">;
  readonly hostDevice: string;
  readonly places: readonly Place[];
};

let runs = 0;

/** @param prefix such as `10.77.4`: this and the following three /24 nets are ours. */
function layoutOf(sites: readonly string[], [first, second, third]: readonly number[]): Layout {
  const run = `releve-${process.pid}-${(runs += 1)}`;
  // Device names have at most 15 characters.
  const device = (index: number | string) => `r${process.pid % 1_000_000}n${runs}${index}`;
  const netOf = (index: number) => {
    const base = `${first}.${second}.${third! + index}`;
    return { net: `${base}.0/24`, address: `${base}.2`, router: `${base}.1`, device: device(index) };
  };
  return {
    router: `${run}-wan`,
    all: `${first}.${second}.${third}.0/21`,
    host: netOf(0),
    hostDevice: device("h"),
    places: sites.map((site, index) => ({ site, namespace: `${run}-${site}`, ...netOf(index + 1) })),
  };
}

function place({ places }: Layout, site: string): Place {
  const found = places.find((candidate) => candidate.site === site);
  if (!found) throw new RangeError(`there is no site ${site}`);
  return found;
}

/** Eight /24 nets of 10.0.0.0/8 that this machine has no route or address in. */
async function freePrefix(): Promise<readonly [number, number, number]> {
  const known = `${await runIp("-4 route show table all")} ${await runIp("-4 addr show")}`;
  for (let tries = 0; tries < 100; tries += 1) {
    const second = randomInt(64, 250);
    if (!known.includes(`10.${second}.`)) return [10, second, 8 * randomInt(1, 31)];
  }
  throw new Fault("NETWORK_FAILED", "no part of 10.0.0.0/8 is free for the sites' addresses", "never");
}

async function build({ router, all, host, hostDevice, places }: Layout): Promise<void> {
  await runIp(`netns add ${router}`);
  await runIp(`-n ${router} link set lo up`);
  await runIp(`netns exec ${router} sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0`);
  for (const site of places) await buildSite(router, site);
  await runIp(`link add ${hostDevice} type veth peer name ${host.device} netns ${router}`);
  await routerEnd(router, host);
  await runIp(`addr add ${host.address}/24 dev ${hostDevice}`);
  await runIp(`link set ${hostDevice} up`);
  await runIp(`route add ${all} via ${host.router}`);
}

async function buildSite(router: string, { namespace, device, ...site }: Place): Promise<void> {
  await runIp(`netns add ${namespace}`);
  await runIp(`-n ${namespace} link set lo up`);
  await runIp(`link add ${device} netns ${router} type veth peer name eth0 netns ${namespace}`);
  await routerEnd(router, { device, ...site });
  await runIp(`-n ${namespace} addr add ${site.address}/24 dev eth0`);
  await runIp(`-n ${namespace} link set eth0 up`);
  await runIp(`-n ${namespace} route add default via ${site.router}`);
}

async function routerEnd(router: string, end: Pick<Place, "device" | "router">): Promise<void> {
  await runIp(`-n ${router} addr add ${end.router}/24 dev ${end.device}`);
  await runIp(`-n ${router} link set ${end.device} up`);
}

/** The links go with their namespaces. */
async function remove({ router, places }: Layout): Promise<void> {
  for (const { namespace } of places) await removeNamespace(namespace);
  await removeNamespace(router);
}

function siteNetwork(layout: Layout): SiteNetwork {
  const { router, places } = layout;
  const cuts = new Set<string>();
  let slow: { readonly stop: () => Promise<void> } | undefined;

  const addCut = async (from: Place, to: Place) => {
    const rule = `iif ${from.device} from ${from.net} to ${to.net} blackhole priority ${cutPriority}`;
    if (cuts.has(rule)) return;
    await runIp(`-n ${router} rule add ${rule}`);
    cuts.add(rule);
  };
  const endSlow = async () => {
    const ending = slow;
    slow = undefined;
    await ending?.stop();
  };

  return {
    cut: async (from, to, direction = "both") => {
      await addCut(place(layout, from), place(layout, to));
      if (direction === "both") await addCut(place(layout, to), place(layout, from));
    },
    slow: async (line) => {
      await endSlow();
      slow = await slowDown(router, places, line);
    },
    heal: async () => {
      for (const rule of cuts) {
        await runIp(`-n ${router} rule del ${rule}`);
        cuts.delete(rule);
      }
      await endSlow();
    },
  };
}

async function slowDown(router: string, places: readonly Place[], line: SlowLine) {
  const { device, stop } = await startSlowLine(router, line);
  const pairs = places.flatMap((from) => places.flatMap((to) => (from === to ? [] : [{ from, to }])));
  const rules = pairs.map(
    ({ from, to }) =>
      `iif ${from.device} from ${from.net} to ${to.net} lookup ${slowTable} priority ${slowPriority}`,
  );
  await runIp(`-n ${router} route replace default dev ${device} table ${slowTable}`);
  for (const rule of rules) await runIp(`-n ${router} rule add ${rule}`);
  if (line.congestion) await congestion(places, ` congctl ${line.congestion}`);
  return {
    stop: async () => {
      for (const rule of rules) await runIp(`-n ${router} rule del ${rule}`);
      await congestion(places, "");
      await stop();
    },
  };
}

/** By route: it holds for connections made from now on, also where the machine does not let a namespace choose its own. */
async function congestion(places: readonly Place[], control: string): Promise<void> {
  for (const { namespace, router } of places)
    await runIp(`-n ${namespace} route replace default via ${router}${control}`);
}
