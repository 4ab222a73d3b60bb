/** The configuration text of the embedded nats-server. Pure: who writes the file and starts the process is the supervisor. */

export type ServerConfig = {
  readonly serverName: string;
  /** Loopback, until there is mutual TLS. */
  readonly host: string;
  /** -1 lets the server choose; the ports file then tells. */
  readonly port: number;
  readonly storeDirectory: string;
  /** Where the server writes `nats-server_PID.ports` as soon as it listens. */
  readonly portsDirectory?: string;
  readonly site?: string;
  /** The other servers of the ledger, one a site. */
  readonly cluster?: ClusterConfig;
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
    ...(config.site === undefined ? [] : [`  unique_tag: "site:"`]),
    `}`,
    ...(config.cluster === undefined ? [] : clusterLines(config.host, config.cluster)),
  ];
  return `${lines.join("\n")}\n`;
}

/** The clients have every server's address from their settings: the servers need not tell them. */
const clusterLines = (host: string, { name, port, routes }: ClusterConfig): readonly string[] => [
  `cluster {`,
  `  name: ${quoted(name)}`,
  `  listen: ${quoted(`${host}:${port}`)}`,
  `  no_advertise: true`,
  `  routes: [${routes.map((route) => quoted(`nats://${route}`)).join(", ")}]`,
  `}`,
];

/** @throws RangeError for a control character, which no path or name of ours holds. */
function quoted(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is refused
  if (/[\u0000-\u001f]/.test(text)) throw new RangeError("a control character in the server's configuration");
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
