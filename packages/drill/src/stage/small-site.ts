/** One site with a ledger of one server, on loopback: a gateway and a node as processes, to be killed and restored as a whole. */
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { SendTarget } from "@releve/dicom/dimse/send-objects";
import { startChild, type Child } from "@releve/server/cluster/child";
import { natsStoreIn, startNats } from "@releve/server/cluster/nats-process";
import { freePorts } from "@releve/server/cluster/ports";
import { localTarget } from "@releve/server/demo/send-study";

export type SmallSite = {
  /** Holds the folder of the site. */
  readonly dataDir: string;
  readonly servers: readonly [string];
  readonly target: SendTarget;
  readonly startLedger: () => Promise<void>;
  readonly startGateway: () => Promise<void>;
  /** Ready only once it may use the ledger. */
  readonly startNode: () => Promise<void>;
  /** SIGKILL to every process. */
  readonly kill: () => Promise<void>;
  /** While the ledger's server is down. */
  readonly backUp: () => Promise<void>;
  readonly restore: () => Promise<void>;
};

const site = "site-r";
const settleSilenceMs = 700;

export async function smallSite(dir: string): Promise<SmallSite> {
  const [nats, web, dimse] = (await freePorts(3)) as [number, number, number];
  const natsDir = join(dir, "nats");
  const backup = join(dir, "backup");
  const logDir = join(dir, "log");
  const running: Child[] = [];
  const common = {
    RELEVE_SITE: site,
    RELEVE_NATS_URL: `nats://127.0.0.1:${nats}`,
    RELEVE_DATA_DIR: join(dir, "data", site),
  };
  const gateway = {
    ...common,
    RELEVE_HTTP_PORT: String(web),
    RELEVE_DIMSE_PORT: String(dimse),
    RELEVE_SETTLE_SILENCE_MS: String(settleSilenceMs),
  };
  const start = async (starting: Promise<Child>) => void running.push(await starting);
  return {
    dataDir: join(dir, "data"),
    servers: [common.RELEVE_NATS_URL],
    target: localTarget(dimse, "DRILL"),
    startLedger: () => start(startNats(natsDir, nats)),
    startGateway: () =>
      start(startChild({ name: "gateway-r", role: "gateway", environment: gateway }, logDir)),
    startNode: () =>
      start(startChild({ name: "r1", role: "recon", environment: { ...common, RELEVE_NODE: "r1" } }, logDir)),
    kill: async () => {
      const all = running.splice(0);
      for (const child of all) child.kill("SIGKILL");
      await Promise.all(all.map((child) => child.gone));
    },
    backUp: () => cp(natsStoreIn(natsDir), backup, { recursive: true }),
    restore: async () => {
      await rm(natsStoreIn(natsDir), { recursive: true });
      await cp(backup, natsStoreIn(natsDir), { recursive: true });
    },
  };
}
