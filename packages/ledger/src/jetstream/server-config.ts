/** The configuration text of the embedded nats-server. Pure: who writes the file and starts the process is the supervisor. */
import type { TlsFiles } from "@releve/domain/tls-files";
import { accountsLines, type NatsAccount } from "./accounts-config.ts";
import { quoted, tlsLines } from "./config-text.ts";
import { leafLines, type LeavesConfig, type TrunkConfig } from "./leaf-config.ts";

export type ServerConfig = {
  readonly serverName: string;
  /** Loopback, unless there is `security`. */
  readonly host: string;
  /** -1 lets the server choose; the ports file then tells. */
  readonly port: number;
  readonly storeDirectory: string;
  /** Where the server writes `nats-server_PID.ports` as soon as it listens. */
  readonly portsDirectory?: string;
  readonly site?: string;
  /** The other servers of the ledger, one a site. */
  readonly cluster?: ClusterConfig;
  readonly security?: SecurityConfig;
  /** A JetStream of its own, which goes on without any other server: an autonomous site's. */
  readonly domain?: string;
  /** Takes in the servers of autonomous sites, to copy their ledgers. Only with `security`. */
  readonly leaves?: LeavesConfig;
  /** What an autonomous site's server is a leaf of. Only with `security`. */
  readonly trunk?: TrunkConfig;
};

/** Mutual TLS on every listener; a certificate's URI is its user. Without it the server must stay on loopback. */
export type SecurityConfig = {
  readonly tls: TlsFiles;
  readonly accounts: readonly NatsAccount[];
  /** What the certificate of another server of the cluster names besides itself: nothing else may be a route. */
  readonly routeUser: string;
};

export type ClusterConfig = {
  readonly name: string;
  /** Where the others connect to. */
  readonly port: number;
  /** `host:port` of each of the others. */
  readonly routes: readonly string[];
};

/** One commit may carry a whole study's objects; the server advises against more than this. */
const maxPayloadBytes = 8 * 1024 * 1024;

/**
 * A line that was cut for ten seconds is tried again by TCP only at every doubling of its pause, up to as long again after it
 * is whole. A route that is silent for 8 s (four intervals) is given up and dialled anew each second instead. No sooner: its
 * pings queue behind what it carries.
 */
const routePing = { intervalS: 2, unansweredMax: 3 };

/** What a member that comes back is sent before it answers: well under 8 s on a slow line (the server's default is 64 MB). */
const catchUpBytes = 1024 * 1024;

/**
 * `sync_interval: always`: an acknowledged event is on the disk. The server's default of two minutes loses acknowledged
 * events when the power fails.
 */
export function natsServerConfig(config: ServerConfig): string {
  const lines = [
    `server_name: ${quoted(config.serverName)}`,
    `listen: ${quoted(`${config.host}:${config.port}`)}`,
    `max_payload: ${maxPayloadBytes}`,
    ...(config.site === undefined ? [] : [`server_tags: [${quoted(`site:${config.site}`)}]`]),
    ...(config.portsDirectory === undefined ? [] : [`ports_file_dir: ${quoted(config.portsDirectory)}`]),
    `jetstream {`,
    `  store_dir: ${quoted(config.storeDirectory)}`,
    `  sync_interval: always`,
    `  max_outstanding_catchup: ${catchUpBytes}`,
    ...(config.site === undefined ? [] : [`  unique_tag: "site:"`]),
    ...(config.domain === undefined ? [] : [`  domain: ${quoted(config.domain)}`]),
    `}`,
    ...(config.security === undefined ? [] : securityLines(config.security)),
    ...(config.security === undefined ? [] : leafLines(config, config.security.tls)),
    ...(config.cluster === undefined ? [] : clusterLines(config.host, config.cluster, config.security)),
  ];
  return `${lines.join("\n")}\n`;
}

/** The clients have every server's address from their settings: the servers need not tell them. */
const clusterLines = (
  host: string,
  { name, port, routes }: ClusterConfig,
  security: SecurityConfig | undefined,
): readonly string[] => [
  `cluster {`,
  `  name: ${quoted(name)}`,
  `  listen: ${quoted(`${host}:${port}`)}`,
  `  no_advertise: true`,
  `  ping_interval: "${routePing.intervalS}s"`,
  `  ping_max: ${routePing.unansweredMax}`,
  ...(security === undefined
    ? []
    : [`  authorization { user: ${quoted(security.routeUser)} }`, ...tlsLines(security.tls)]),
  `  routes: [${routes.map((route) => quoted(`nats://${route}`)).join(", ")}]`,
  `}`,
];

const securityLines = ({ tls, accounts }: SecurityConfig): readonly string[] => [
  ...tlsLines(tls, [`  handshake_first: true`]),
  ...accountsLines(accounts),
];
