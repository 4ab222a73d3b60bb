/** The configuration text of the embedded nats-server. Pure: who writes the file and starts the process is the supervisor. */
import type { TlsFiles } from "@releve/domain/tls-files";

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

export type LeavesConfig = {
  readonly port: number;
  /** Whose certificates may be leaves, and in which account. */
  readonly users: readonly { readonly user: string; readonly account: string }[];
};

export type TrunkConfig = {
  /** `host:port` of each server that it may be a leaf of. */
  readonly servers: readonly string[];
  readonly account: string;
  /** Never carried over the link: the site is the sole writer of its own ledger, and others of theirs. */
  readonly own: readonly string[];
};

/** Mutual TLS on every listener; a certificate's URI is its user. Without it the server must stay on loopback. */
export type SecurityConfig = {
  readonly tls: TlsFiles;
  readonly accounts: readonly NatsAccount[];
  /** What the certificate of another server of the cluster names besides itself: nothing else may be a route. */
  readonly routeUser: string;
};

/**
 * A world of subjects of its own. What an account does not import does not exist in it: not even an answer, which a server
 * sends to whatever subject the asker named, can leave it for the ledger's own account.
 */
export type NatsAccount = {
  readonly name: string;
  readonly jetStream: boolean;
  readonly users: readonly NatsUser[];
  readonly exports: readonly NatsExport[];
  readonly imports: readonly NatsImport[];
};

/** `service`: others may publish there and get one answer; `service-of-many`: or several; `stream`: others may listen. */
export type NatsExport = {
  readonly kind: "service" | "service-of-many" | "stream";
  readonly subject: string;
};
export type NatsImport = {
  readonly kind: "service" | "stream";
  readonly account: string;
  readonly subject: string;
  /** What it is called in the importing account; its own name when absent. */
  readonly to?: string;
};

/** Subjects, with `*` and `>`; what is not listed is refused. */
export type NatsUser = {
  readonly user: string;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
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

/** Both ends show certificates; a leaf's is its user, and the user has the account. */
function leafLines({ host, leaves, trunk }: ServerConfig, tls: TlsFiles): readonly string[] {
  if (!leaves && !trunk) return [];
  return [
    `leafnodes {`,
    ...(leaves ? leavesLines(host, leaves, tls) : []),
    ...(trunk ? trunkLines(trunk, tls) : []),
    `}`,
  ];
}

const leavesLines = (host: string, { port, users }: LeavesConfig, tls: TlsFiles): readonly string[] => [
  `  listen: ${quoted(`${host}:${port}`)}`,
  `  no_advertise: true`,
  ...tlsLines(tls),
  `  authorization {`,
  `    users: [`,
  ...users.map(({ user, account }) => `      { user: ${quoted(user)}, account: ${quoted(account)} }`),
  `    ]`,
  `  }`,
];

const trunkLines = ({ servers, account, own }: TrunkConfig, tls: TlsFiles): readonly string[] => [
  `  remotes: [`,
  `    {`,
  `      urls: [${servers.map((server) => quoted(`tls://${server}`)).join(", ")}]`,
  `      account: ${quoted(account)}`,
  `      deny_imports: [${own.map(quoted).join(", ")}]`,
  `      deny_exports: [${own.map(quoted).join(", ")}]`,
  `      tls {`,
  ...fileLines(tls),
  `      }`,
  `    }`,
  `  ]`,
];

const securityLines = ({ tls, accounts }: SecurityConfig): readonly string[] => [
  ...tlsLines(tls, [`  handshake_first: true`]),
  ...accountsLines(accounts),
];

/** The part that depends on who is in the installation, for a configuration that includes it. */
export const natsAccountsConfig = (accounts: readonly NatsAccount[]): string =>
  `${accountsLines(accounts).join("\n")}\n`;

const accountsLines = (accounts: readonly NatsAccount[]): readonly string[] => [
  `accounts {`,
  ...accounts.flatMap(accountLines),
  `}`,
];

const accountLines = ({ name, jetStream, users, exports, imports }: NatsAccount): readonly string[] => [
  `  ${quoted(name)}: {`,
  ...(jetStream ? [`    jetstream: enabled`] : []),
  `    users: [`,
  ...users.map(userLine),
  `    ]`,
  `    exports: [`,
  ...exports.map(exportLine),
  `    ]`,
  `    imports: [`,
  ...imports.map(importLine),
  `    ]`,
  `  }`,
];

const exportLine = ({ kind, subject }: NatsExport): string =>
  kind === "stream"
    ? `      { stream: ${quoted(subject)} }`
    : `      { service: ${quoted(subject)}, response_type: ${kind === "service" ? "single" : "stream"} }`;

const importLine = ({ kind, account, subject, to = subject }: NatsImport): string =>
  `      { ${kind}: { account: ${quoted(account)}, subject: ${quoted(subject)} }, to: ${quoted(to)} }`;

/** The server takes the first of the certificate's names, addresses and URIs that is a user's; ours holds one URI. */
const tlsLines = (tls: TlsFiles, more: readonly string[] = []): readonly string[] => [
  `tls {`,
  ...fileLines(tls),
  `  verify_and_map: true`,
  ...more,
  `  timeout: ${handshakeWithinS}`,
  `}`,
];

const fileLines = ({ certFile, keyFile, caFile }: TlsFiles): readonly string[] => [
  `  cert_file: ${quoted(certFile)}`,
  `  key_file: ${quoted(keyFile)}`,
  `  ca_file: ${quoted(caFile)}`,
];

/** The server's default of 2 s is short for a machine on which everything starts at once. */
const handshakeWithinS = 5;

const userLine = ({ user, publish, subscribe }: NatsUser): string =>
  `      { user: ${quoted(user)}, permissions: { publish: ${rights(publish)}, subscribe: ${rights(subscribe)} } }`;

/** An empty list of what is allowed would allow everything. */
const rights = (subjects: readonly string[]): string =>
  subjects.length === 0 ? `{ deny: [">"] }` : `{ allow: [${subjects.map(quoted).join(", ")}] }`;

/** @throws RangeError for a control character, which no path or name of ours holds. */
function quoted(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is refused
  if (/[\u0000-\u001f]/.test(text)) throw new RangeError("a control character in the server's configuration");
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
