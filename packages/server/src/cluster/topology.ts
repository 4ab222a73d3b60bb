/**
 * The embedded default as a plan: two sites with two reconstruction nodes each, every role its own process, one archive
 * that stands for the hospital's PACS. Pure: which processes, with which settings, on which ports.
 */
import { join } from "node:path";
import { issuerAt } from "@releve/access/embedded/embedded-provider";
import { secretFileOf } from "@releve/access/embedded/prepare-provider";
import type { Destination } from "@releve/gateway/delivery/destination";
import type { Environment } from "../config/read-settings.ts";
import type { Role } from "../config/settings.ts";

export const siteNames = ["site-a", "site-b"] as const;
export type SiteName = (typeof siteNames)[number];

type SitePorts = { readonly console: number; readonly web: number; readonly dimse: number };

export type Ports = {
  readonly nats: number;
  readonly sites: Readonly<Record<SiteName, SitePorts>>;
  readonly archive: { readonly web: number; readonly dimse: number };
  readonly identity: number;
};

export const portCount = 10;

/** Assigns ten ports; the first is the console's. @throws RangeError for fewer. */
export function portsFrom(free: readonly number[]): Ports {
  if (free.length < portCount) throw new RangeError(`the embedded cluster needs ${portCount} ports`);
  const [consoleA, consoleB, webA, webB, dimseA, dimseB, archiveWeb, archiveDimse, nats, identity] =
    free as readonly [number, number, number, number, number, number, number, number, number, number];
  return {
    nats,
    sites: {
      "site-a": { console: consoleA, web: webA, dimse: dimseA },
      "site-b": { console: consoleB, web: webB, dimse: dimseB },
    },
    archive: { web: archiveWeb, dimse: archiveDimse },
    identity,
  };
}

/** Ten consecutive ports, the console's first. */
export const consecutivePorts = (first: number): Ports =>
  portsFrom(Array.from({ length: portCount }, (_, offset) => first + offset));

export type ProcessPlan = {
  readonly name: string;
  readonly role: Role;
  readonly environment: Environment;
  /** What comes before the command, such as `ip netns exec NAME`. */
  readonly within?: readonly string[];
};

export type TopologyOptions = {
  readonly dataDir: string;
  readonly consoleDir: string;
  readonly ports: Ports;
  /** Short silences make the demo quick; a hospital wants longer ones. */
  readonly settleSilenceMs: number;
  /** Where both sites send results; by default the archive. */
  readonly destinations?: readonly Destination[];
  /** With the embedded identity provider; else whoever is at this machine may do everything. */
  readonly signIn?: boolean;
};

export const natsUrlOf = (ports: Ports): string => `nats://127.0.0.1:${ports.nats}`;
export const webUrlOf = (port: number): string => `http://127.0.0.1:${port}`;

export function topology(options: TopologyOptions): ProcessPlan[] {
  const identity = options.signIn ? [identityPlan(options)] : [];
  return [...identity, archivePlan(options), ...siteNames.flatMap((site) => sitePlans(options, site))];
}

/** One for the machine: both sites' consoles sign in there, each as a client of its own. */
export const identityDirIn = (dataDir: string): string => join(dataDir, "identity");
/** What the `releve` command is to it. */
export const commandClient = "releve-command";
const clientOf = (site: SiteName): string => `releve-${site}`;
export const identityClients = [...siteNames.map(clientOf), commandClient];

function identityPlan({ dataDir, ports }: TopologyOptions): ProcessPlan {
  const consoles = siteNames.map((site) => ({
    id: clientOf(site),
    consoleUrl: webUrlOf(ports.sites[site].console),
  }));
  return {
    name: "identity",
    role: "identity",
    environment: {
      RELEVE_SITE: "identity",
      RELEVE_DATA_DIR: identityDirIn(dataDir),
      RELEVE_HTTP_PORT: String(ports.identity),
      RELEVE_IDENTITY_CLIENTS: JSON.stringify([...consoles, { id: commandClient }]),
    },
  };
}

function signInOf({ signIn, dataDir, ports }: TopologyOptions, site: SiteName): Environment {
  if (!signIn) return {};
  const client = clientOf(site);
  return {
    RELEVE_ISSUER: issuerAt(ports.identity),
    RELEVE_CLIENT_ID: client,
    RELEVE_CLIENT_SECRET_FILE: secretFileOf(identityDirIn(dataDir), client),
  };
}

function archivePlan({ dataDir, ports }: TopologyOptions): ProcessPlan {
  return {
    name: "archive",
    role: "archive",
    environment: {
      RELEVE_SITE: "archive",
      RELEVE_DATA_DIR: join(dataDir, "archive"),
      RELEVE_HTTP_PORT: String(ports.archive.web),
      RELEVE_DIMSE_PORT: String(ports.archive.dimse),
      RELEVE_AE_TITLE: "ARCHIVE",
    },
  };
}

function sitePlans(options: TopologyOptions, site: SiteName): ProcessPlan[] {
  const { ports, dataDir } = options;
  const common = {
    RELEVE_SITE: site,
    RELEVE_NATS_URL: natsUrlOf(ports),
    RELEVE_DATA_DIR: join(dataDir, site),
    RELEVE_OTHER_SITES: siteNames
      .filter((other) => other !== site)
      .map((other) => webUrlOf(ports.sites[other].web))
      .join(","),
  };
  const letter = site.at(-1)!;
  const node = (number: number): ProcessPlan => ({
    name: `${letter}${number}`,
    role: "recon",
    environment: { ...common, RELEVE_NODE: `${letter}${number}` },
  });
  return [
    {
      name: `gateway-${letter}`,
      role: "gateway",
      environment: {
        ...common,
        RELEVE_HTTP_PORT: String(ports.sites[site].web),
        RELEVE_DIMSE_PORT: String(ports.sites[site].dimse),
        RELEVE_SETTLE_SILENCE_MS: String(options.settleSilenceMs),
        RELEVE_DESTINATIONS: JSON.stringify(options.destinations ?? archiveDestinations(ports)),
      },
    },
    node(1),
    node(2),
    {
      name: `api-${letter}`,
      role: "api",
      environment: {
        ...common,
        RELEVE_HTTP_PORT: String(ports.sites[site].console),
        RELEVE_CONSOLE_DIR: options.consoleDir,
        ...signInOf(options, site),
      },
    },
  ];
}

/** The archive takes results by both doors, so that the default exercises both senders. */
export function archiveDestinations(ports: Ports): Destination[] {
  return [
    {
      kind: "dimse",
      name: "archive-dimse",
      host: "127.0.0.1",
      port: ports.archive.dimse,
      calledAeTitle: "ARCHIVE",
    },
    { kind: "stow", name: "archive-stow", url: `${webUrlOf(ports.archive.web)}/dicom-web` },
  ];
}
