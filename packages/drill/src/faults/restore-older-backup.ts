/** One ledger server comes back with an older copy of its store: it must be rebuilt empty from the others, and nothing be lost. */
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { FaultDrill } from "./fault.ts";

export const restoreOlderBackup: FaultDrill = {
  what: "a ledger server's store put back from a copy that is 1 to 5 s older",
  needs: [],
  when: "any",
  inject: async ({ stage, random, clock }) => {
    const site = random.pick(stage.cluster.sites);
    const server = stage.cluster.processes.find(
      ({ role, ...process }) => role === "nats" && process.site === site.site,
    )!;
    const backup = await mkdtemp(join(tmpdir(), "releve-drill-backup-"));
    const putAside = async () =>
      (await readdir(dirname(site.ledgerStore))).filter((name) => name.startsWith("data-put-aside"));
    const before = new Set(await putAside());
    try {
      await server.killForGood();
      await cp(site.ledgerStore, backup, { recursive: true });
      await server.start();
      await clock.wait(random.integer(1_000, 5_000));
      await server.killForGood();
      await rm(site.ledgerStore, { recursive: true });
      await cp(backup, site.ledgerStore, { recursive: true });
      await server.start();
    } finally {
      await rm(backup, { recursive: true, force: true });
    }
    const rebuilt = (await putAside()).filter((name) => !before.has(name));
    return {
      what: `${server.name} came back with an older store`,
      holdMs: 0,
      heal: async () => (rebuilt.length > 0 ? "it was rebuilt from the others" : "it was not rebuilt"),
      mustHold: () => [
        ...(rebuilt.length === 1 ? [] : [`${server.name} went on with the older store`]),
        ...(existsSync(site.ledgerStore) ? [] : [`${server.name} has no store`]),
      ],
    };
  },
};
