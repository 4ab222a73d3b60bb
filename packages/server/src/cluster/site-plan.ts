/**
 * Three sites as a plan: one ledger server each, a gateway, two nodes and an API, every site on an address of its own.
 * Pure: which processes, with which settings, where they listen.
 */
import { join } from "node:path";
import type { Destination } from "@releve/gateway/delivery/destination";
import type { Environment } from "../config/read-settings.ts";
import type { Role } from "../config/settings.ts";
import type { NatsPlan } from "./nats-process.ts";
import type { ProcessPlan } from "./topology.ts";

/** `site-a`, `site-b`, `site-c`; a process's name ends or starts with the letter. */
export const siteLetters = ["a", "b", "c"] as const;
export type SiteLetter = (typeof siteLetters)[number];

export const sitePortNames = ["console", "web", "dimse", "nats", "route", "between"] as const;
export type SitePorts = Readonly<Record<(typeof sitePortNames)[number], number>>;

/** @throws RangeError for fewer than six. */
export function sitePortsFrom(free: readonly number[]): SitePorts {
  if (free.length < sitePortNames.length) throw new RangeError(`a site needs ${sitePortNames.length} ports`);
  return Object.fromEntries(sitePortNames.map((name, index) => [name, free[index]!])) as SitePorts;
}

export type SitePlace = {
  readonly letter: SiteLetter;
  /** IPv4 address of all its listeners. */
  readonly address: string;
  readonly ports: SitePorts;
  /** What comes before each of its commands, such as `ip netns exec NAME`. */
  readonly within?: readonly string[];
};

export type ThreeSitesPlan = {
  readonly dataDir: string;
  readonly consoleDir: string;
  readonly places: readonly SitePlace[];
  readonly settleSilenceMs: number;
  readonly destinations: readonly Destination[];
  /** Put over the settings of every process of that role. */
  readonly environment?: Partial<Readonly<Record<Role, Environment>>>;
};

export const siteNameOf = (letter: SiteLetter): string => `site-${letter}`;
export const natsUrlAt = ({ address, ports }: SitePlace): string => `nats://${address}:${ports.nats}`;
export const webUrlAt = ({ address, ports }: SitePlace): string => `http://${address}:${ports.web}`;
export const siteDirOf = (dataDir: string, letter: SiteLetter): string => join(dataDir, siteNameOf(letter));

const within = ({ within: prefix }: SitePlace) => (prefix ? { within: prefix } : {});

/** The site's ledger server; the routes name the others. */
export function ledgerServerPlan({ dataDir, places }: ThreeSitesPlan, place: SitePlace): NatsPlan {
  const { letter, address, ports } = place;
  return {
    dir: join(siteDirOf(dataDir, letter), "nats"),
    serverName: `nats-${letter}`,
    host: address,
    port: ports.nats,
    site: siteNameOf(letter),
    cluster: {
      name: "releve",
      port: ports.route,
      routes: othersOf(places, letter).map((other) => `${other.address}:${other.ports.route}`),
    },
    ...within(place),
  };
}

const othersOf = (places: readonly SitePlace[], letter: SiteLetter) =>
  places.filter((other) => other.letter !== letter);

/** The site's own server first, the others behind it. */
export const ledgerUrls = (places: readonly SitePlace[], letter: SiteLetter): readonly string[] =>
  [...places.filter((place) => place.letter === letter), ...othersOf(places, letter)].map(natsUrlAt);

export function rolePlans(plan: ThreeSitesPlan, place: SitePlace): readonly ProcessPlan[] {
  const { letter, address, ports } = place;
  const common = {
    RELEVE_SITE: siteNameOf(letter),
    RELEVE_NATS_URL: ledgerUrls(plan.places, letter).join(","),
    RELEVE_LEDGER_REPLICAS: String(plan.places.length),
    RELEVE_DATA_DIR: siteDirOf(plan.dataDir, letter),
    RELEVE_OTHER_SITES: othersOf(plan.places, letter).map(webUrlAt).join(","),
  };
  const process = (name: string, role: Role, more: Environment): ProcessPlan => ({
    name,
    role,
    environment: { ...common, ...more, ...plan.environment?.[role] },
    ...within(place),
  });
  const node = (name: string) => process(name, "recon", { RELEVE_NODE: name });
  return [
    process(`gateway-${letter}`, "gateway", {
      RELEVE_HTTP_HOST: address,
      RELEVE_HTTP_PORT: String(ports.web),
      RELEVE_DIMSE_HOST: address,
      RELEVE_DIMSE_PORT: String(ports.dimse),
      RELEVE_SETTLE_SILENCE_MS: String(plan.settleSilenceMs),
      RELEVE_DESTINATIONS: JSON.stringify(plan.destinations),
    }),
    node(`${letter}1`),
    node(`${letter}2`),
    process(`api-${letter}`, "api", {
      RELEVE_HTTP_HOST: address,
      RELEVE_HTTP_PORT: String(ports.console),
      RELEVE_CONSOLE_DIR: plan.consoleDir,
    }),
  ];
}
