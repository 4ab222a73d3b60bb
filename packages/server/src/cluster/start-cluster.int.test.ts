import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { freePorts } from "./ports.ts";
import { startCluster } from "./start-cluster.ts";
import { portCount, portsFrom } from "./topology.ts";

const childProcesses = () => process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap");

test("a role that cannot start is one sentence, and nothing of the others is left running", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "releve-cluster-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const nowhere = { kind: "dimse", name: "nowhere", host: "127.0.0.1", port: 0, calledAeTitle: "A" } as const;
  const starting = startCluster({
    dataDir,
    consoleDir: dataDir,
    ports: portsFrom(await freePorts(portCount)),
    settleSilenceMs: 1_000,
    destinations: [nowhere],
    say: () => {},
    onStarted: () => {},
  });
  await expect(starting).rejects.toMatchObject({
    code: "ROLE_FAILED",
    message: expect.stringContaining("RELEVE_DESTINATIONS"),
  });
  // The handles of ended processes close a turn later.
  await expect.poll(childProcesses, { timeout: 5_000 }).toEqual([]);
});
