/**
 * Several real nats-servers as one cluster on loopback, each a site of its own, as an installation over several sites has
 * them; each can be killed, frozen and started again by itself.
 */
import { freePorts } from "../free-ports.ts";
import { startNats, type NatsConfigText, type TestNats } from "./nats-server.ts";
import { natsRequest } from "./nats-request.ts";

export type TestNatsCluster = {
  readonly servers: readonly TestNats[];
  readonly urls: readonly string[];
  /** The server that leads the stream, waited for; undefined when none led it within `limitMs`. */
  readonly leaderOf: (stream: string, limitMs?: number) => Promise<TestNats | undefined>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** Resolves when each server takes connections: the election of who leads JetStream may still be under way. */
export async function startNatsCluster(count = 3): Promise<TestNatsCluster> {
  const routePorts = await freePorts(count);
  const servers = await Promise.all(routePorts.map((_, index) => startNats(memberConfig(routePorts, index))));
  return {
    servers,
    urls: servers.map(({ url }) => url),
    leaderOf: (stream, limitMs = 20_000) => leaderOf(servers, stream, limitMs),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
    },
  };
}

const nameOf = (index: number) => `n${index + 1}`;

const memberConfig =
  (routePorts: readonly number[], index: number): NatsConfigText =>
  ({ port, storeDirectory, portsDirectory }) =>
    [
      `server_name: ${nameOf(index)}`,
      `server_tags: ["site:site-${index + 1}"]`,
      `listen: "127.0.0.1:${port}"`,
      `ports_file_dir: ${JSON.stringify(portsDirectory)}`,
      `max_payload: 8388608`,
      `jetstream { store_dir: ${JSON.stringify(storeDirectory)}, sync_interval: always, unique_tag: "site:" }`,
      `cluster {`,
      `  name: test`,
      `  listen: "127.0.0.1:${routePorts[index]}"`,
      `  routes: [${routePorts.map((routePort) => `"nats://127.0.0.1:${routePort}"`).join(", ")}]`,
      `}`,
    ].join("\n");

const askAgainMs = 50;

async function leaderOf(
  servers: readonly TestNats[],
  stream: string,
  limitMs: number,
): Promise<TestNats | undefined> {
  const untilMs = Date.now() + limitMs;
  while (Date.now() < untilMs) {
    for (const { port } of servers) {
      const answer = await natsRequest(port, `$JS.API.STREAM.INFO.${stream}`);
      const leader = servers.findIndex((_, index) => nameOf(index) === leaderIn(answer));
      if (leader >= 0) return servers[leader];
    }
    await new Promise((resolve) => setTimeout(resolve, askAgainMs));
  }
  return undefined;
}

function leaderIn(answer: string | undefined): string | undefined {
  if (answer === undefined || answer === "") return undefined;
  return (JSON.parse(answer) as { cluster?: { leader?: string } }).cluster?.leader;
}
