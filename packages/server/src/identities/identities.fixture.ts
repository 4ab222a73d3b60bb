/** A real nats-server with this system's identities, for tests that attack it. */
import { mkdtemp, rm } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NatsConnection } from "@nats-io/nats-core";
import { connect } from "@nats-io/transport-node";
import type { TlsFiles } from "@releve/domain/tls-files";
import { ledgerStream } from "@releve/ledger/jetstream/jetstream-log";
import type { Child } from "../cluster/child.ts";
import { startNatsServer, type NatsPlan } from "../cluster/nats-process.ts";
import { freePorts } from "../cluster/ports.ts";
import { ledgerAccounts } from "./accounts.ts";
import { ensureIdentities } from "./ensure-identities.ts";
import { inboxPrefixOf, routeUri, type Identity } from "./identity.ts";

export const operator: Identity = { kind: "operator", site: "site-a", name: "operator" };
export const nodeA1: Identity = { kind: "node", site: "site-a", name: "a1" };
export const nodeB1: Identity = { kind: "node", site: "site-b", name: "b1" };
export const gatewayA: Identity = { kind: "gateway", site: "site-a", name: "gateway" };
export const apiA: Identity = { kind: "api", site: "site-a", name: "api" };
const server: Identity = { kind: "ledger", site: "site-a", name: "ledger" };
const users = [operator, nodeA1, nodeB1, gatewayA, apiA];

const address = "127.0.0.1";

export type GuardedServer = {
  readonly url: string;
  /** Ports for further servers beside it. */
  readonly spare: readonly { readonly client: number; readonly route: number }[];
  /** What the server in that folder said. */
  readonly logOf: (folder: string) => string;
  readonly dir: string;
  readonly tlsOf: (identity: Identity) => TlsFiles;
  /** As this process would, with its own inbox. */
  readonly connectAs: (identity: Identity) => Promise<NatsConnection>;
  readonly plan: NatsPlan;
  readonly stop: () => Promise<void>;
};

export async function startGuardedServer(): Promise<GuardedServer> {
  const dir = await mkdtemp(join(tmpdir(), "releve-identities-"));
  const everyone = [server, ...users];
  const wanted = everyone.map((identity) => ({ ...identity, addresses: [address] }));
  const files = await ensureIdentities(join(dir, "identities"), wanted, Date.now());
  const tlsOf = (identity: Identity) => files[everyone.indexOf(identity)]!;
  const [port, ...more] = (await freePorts(7)) as [number, ...number[]];
  const plan: NatsPlan = {
    dir: join(dir, "nats"),
    serverName: "nats-a",
    host: address,
    port,
    security: {
      tls: tlsOf(server),
      accounts: ledgerAccounts(users, ledgerStream.name),
      routeUser: routeUri,
    },
  };
  const nats: Child = await startNatsServer(plan);
  const url = `tls://${address}:${port}`;
  return {
    url,
    spare: [0, 2, 4].map((index) => ({ client: more[index]!, route: more[index + 1]! })),
    logOf: (folder) => readFileSync(join(dir, folder, "nats.log"), "utf8"),
    dir,
    tlsOf,
    plan,
    connectAs: (identity) =>
      connect({
        servers: url,
        tls: { ...tlsOf(identity), handshakeFirst: true },
        inboxPrefix: inboxPrefixOf(identity),
        reconnect: false,
        timeout: 5_000,
      }),
    stop: async () => {
      await nats.stop();
      await rm(dir, { recursive: true });
    },
  };
}
