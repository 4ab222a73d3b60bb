/**
 * By the seed: one of the three ledger servers comes back with an older copy of its store, and must be rebuilt empty from the
 * others; or, beside the running cluster, a ledger of one server does, and must wait until a person adopts it.
 */
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ManagedProcess, RunningSite } from "@releve/server/cluster/running-cluster";
import type { Done, FaultDrill, Harm } from "./fault.ts";
import { restoreWholeLedger } from "./restore-whole-ledger.ts";

export const restoreOlderBackup: FaultDrill = {
  what: "one of three ledger servers put back from a copy 1 to 5 s old; or a ledger of one server, which is then adopted",
  needs: [],
  when: "any",
  inject: (harm) =>
    harm.random.pick(["member", "whole"]) === "member" ? restoreMember(harm) : restoreWhole(harm),
};

async function restoreWhole({ random, clock }: Harm): Promise<Done> {
  const { what, problems } = await restoreWholeLedger(String(random.integer(0, 1_000_000)), clock);
  return { what, holdMs: 0, heal: async () => {}, mustHold: () => [...problems] };
}

async function restoreMember({ stage, random, clock }: Harm): Promise<Done> {
  const site = random.pick(stage.cluster.sites);
  const server = stage.cluster.processes.find(
    (process) => process.role === "nats" && process.site === site.site,
  )!;
  const before = new Set(await putAside(site));
  await server.killForGood();
  await bringBackOlder(site, server, () => clock.wait(random.integer(1_000, 5_000)));
  const rebuilt = (await putAside(site)).filter((name) => !before.has(name));
  return {
    what: `${server.name} came back with an older store`,
    holdMs: 0,
    heal: async () => (rebuilt.length > 0 ? "it was rebuilt from the others" : "it was not rebuilt"),
    mustHold: () => [
      ...(rebuilt.length === 1 ? [] : [`${server.name} went on with the older store`]),
      ...(existsSync(site.ledgerStore) ? [] : [`${server.name} has no store`]),
    ],
  };
}

const putAside = async ({ ledgerStore }: RunningSite): Promise<string[]> =>
  (await readdir(dirname(ledgerStore))).filter((name) => name.startsWith("data-put-aside"));

/** The server is down before and up after. */
async function bringBackOlder(
  { ledgerStore }: RunningSite,
  server: ManagedProcess,
  meanwhile: () => Promise<void>,
): Promise<void> {
  const backup = await mkdtemp(join(tmpdir(), "releve-drill-backup-"));
  try {
    await cp(ledgerStore, backup, { recursive: true });
    await server.start();
    await meanwhile();
    await server.killForGood();
    await rm(ledgerStore, { recursive: true });
    await cp(backup, ledgerStore, { recursive: true });
    await server.start();
  } finally {
    await rm(backup, { recursive: true, force: true });
  }
}
