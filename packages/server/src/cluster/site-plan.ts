/**
 * Three sites as a plan: one ledger server each, a gateway, two nodes and an API, every site on an address of its own.
 * Pure: which processes, with which settings, where they listen.
 */
import { join } from "node:path";
import type { Destination } from "@releve/gateway/delivery/destination";
import type { TlsFiles } from "@releve/domain/tls-files";
import { ledgerStream } from "@releve/ledger/jetstream/jetstream-log";
import { ledgerAccounts } from "../identities/accounts.ts";
import { operatorIdentity, routeUri, type Identity } from "../identities/identity.ts";
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
  readonly security?: {
    readonly filesOf: (identity: Identity) => TlsFiles;
    /** Addresses and networks from which a gateway beyond loopback takes studies. */
    readonly senders: readonly string[];
  };
};

export const siteNameOf = (letter: SiteLetter): string => `site-${letter}`;
export const natsUrlAt = ({ address, ports }: SitePlace): string => `nats://${address}:${ports.nats}`;
export const webUrlAt = ({ address, ports }: SitePlace): string => `http://${address}:${ports.web}`;
/** Where the other sites get objects, over mutual TLS. */
const betweenUrlAt = ({ address, ports }: SitePlace): string => `https://${address}:${ports.between}`;
export const siteDirOf = (dataDir: string, letter: SiteLetter): string => join(dataDir, siteNameOf(letter));

/** Every process of a site that has an identity. */
export const identitiesAt = (letter: SiteLetter): readonly Identity[] => [
  serverIdentity(letter),
  ...(["gateway", "api"] as const).map((kind) => ({ kind, site: siteNameOf(letter), name: kind })),
  ...nodeNames(letter).map((name) => ({ kind: "node" as const, site: siteNameOf(letter), name })),
];

const nodeNames = (letter: SiteLetter) => [`${letter}1`, `${letter}2`];
const serverIdentity = (letter: SiteLetter): Identity => ({
  kind: "ledger",
  site: siteNameOf(letter),
  name: "ledger",
});

/** Who may speak to every ledger server. */
const clientsOf = (places: readonly SitePlace[]): readonly Identity[] => [
  operatorIdentity,
  ...places.flatMap(({ letter }) => identitiesAt(letter)).filter(({ kind }) => kind !== "ledger"),
];

const within = ({ within: prefix }: SitePlace) => (prefix ? { within: prefix } : {});

/** The site's ledger server; the routes name the others. */
export function ledgerServerPlan(
  { dataDir, places, security }: Pick<ThreeSitesPlan, "dataDir" | "places" | "security">,
  place: SitePlace,
): NatsPlan {
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
    ...(security && {
      security: {
        tls: security.filesOf(serverIdentity(letter)),
        accounts: ledgerAccounts(clientsOf(places), ledgerStream.name),
        routeUser: routeUri,
      },
    }),
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
    RELEVE_OTHER_SITES: othersOf(plan.places, letter)
      .map(plan.security ? betweenUrlAt : webUrlAt)
      .join(","),
  };
  const process = (name: string, identity: Identity, role: Role, more: Environment): ProcessPlan => ({
    name,
    role,
    environment: {
      ...common,
      ...identityOf(plan, identity),
      ...more,
      ...plan.environment?.[role],
    },
    ...within(place),
  });
  const [, gateway, api, ...nodes] = identitiesAt(letter) as [Identity, Identity, Identity, ...Identity[]];
  const node = (identity: Identity) =>
    process(identity.name, identity, "recon", {
      RELEVE_NODE: identity.name,
      RELEVE_SESSION_HOST: address,
    });
  return [
    process(`gateway-${letter}`, gateway, "gateway", {
      ...siteDoorOf(plan, place),
      RELEVE_HTTP_HOST: address,
      RELEVE_HTTP_PORT: String(ports.web),
      RELEVE_DIMSE_HOST: address,
      RELEVE_DIMSE_PORT: String(ports.dimse),
      RELEVE_SETTLE_SILENCE_MS: String(plan.settleSilenceMs),
      RELEVE_DESTINATIONS: JSON.stringify(plan.destinations),
      RELEVE_SAFETY: "safe-2",
    }),
    ...nodes.map(node),
    process(`api-${letter}`, api, "api", {
      RELEVE_HTTP_HOST: address,
      RELEVE_HTTP_PORT: String(ports.console),
      RELEVE_CONSOLE_DIR: plan.consoleDir,
    }),
  ];
}

function identityOf({ security }: ThreeSitesPlan, identity: Identity): Environment {
  if (!security) return {};
  const { certFile, keyFile, caFile } = security.filesOf(identity);
  return { RELEVE_TLS_CERT: certFile, RELEVE_TLS_KEY: keyFile, RELEVE_TLS_CA: caFile };
}

function siteDoorOf({ security }: ThreeSitesPlan, { address, ports }: SitePlace): Environment {
  if (!security) return {};
  return {
    RELEVE_SITE_HOST: address,
    RELEVE_SITE_PORT: String(ports.between),
    RELEVE_PEERS: JSON.stringify([{ aeTitle: "*", addresses: security.senders }]),
  };
}
