/**
 * Three sites in network namespaces of their own, every link with certificates: a study goes through from one site's DICOM
 * door to a PACS, and a site that is cut off comes back. It needs root and `ip netns`.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@releve/domain/clock";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { studyIdOf, type StudyId } from "@releve/domain/ids";
import type { EventLog } from "@releve/ledger/event-log";
import { mutualTlsFetch } from "@releve/store/tls-fetch";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localTarget, sendStudy } from "../demo/send-study.ts";
import { generatedFiles } from "../demo/source-files.ts";
import { watchWork } from "../demo/watch-work.ts";
import { startChild, type Child } from "./child.ts";
import { namespacesAllowed, runIp } from "./network/run-ip.ts";
import { slowLineAllowed } from "./network/slow-line.ts";
import { freePorts } from "./ports.ts";
import type { RunningCluster, RunningSite } from "./running-cluster.ts";
import { startThreeSites } from "./three-sites.ts";

const allowed = await namespacesAllowed();
const limitMs = 300_000;

describe.skipIf(!allowed)("three sites in namespaces (needs root and ip netns)", () => {
  let dir: string;
  let pacs: Child;
  let cluster: RunningCluster;
  let log: EventLog;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "releve-namespaces-"));
    const [web, dimse] = (await freePorts(2)) as [number, number];
    const environment = {
      RELEVE_SITE: "archive",
      RELEVE_DATA_DIR: join(dir, "archive"),
      RELEVE_HTTP_PORT: String(web),
      RELEVE_DIMSE_PORT: String(dimse),
      RELEVE_AE_TITLE: "ARCHIVE",
    };
    pacs = await startChild({ name: "archive", role: "archive", environment }, join(dir, "log"));
    cluster = await startThreeSites({
      dataDir: join(dir, "cluster"),
      place: "namespaces",
      destinations: [
        { kind: "dimse", name: "pacs", host: "127.0.0.1", port: dimse, calledAeTitle: "ARCHIVE" },
      ],
    });
    log = await cluster.openLog("test");
  }, limitMs);

  afterAll(async () => {
    await log?.close();
    await cluster?.stop();
    await pacs?.stop();
    await rm(dir, { recursive: true, maxRetries: 5 });
  }, limitMs);

  /** Every object is accepted. */
  async function send(name: string, site: number): Promise<StudyId> {
    const size = { columns: 64, rows: 64, slices: 32, pixelSpacingMm: 3.6, sliceSpacingMm: 5 };
    const files = ctPhantom({ study: name, ...size });
    const { host, port } = cluster.sites[site]!.dimse;
    const target = { ...localTarget(port, "MODALITY"), host };
    const sent = await sendStudy(target, generatedFiles(files), () => {});
    expect(sent.filter(({ outcome }) => outcome === "refused")).toEqual([]);
    return studyIdOf(parseDicom(files[0]!.bytes).studyInstanceUid);
  }

  /** @returns what is still open of the study when nothing more happens. */
  async function finish(study: StudyId): Promise<readonly string[]> {
    const watch = await watchWork(log, systemClock, () => {});
    const unfinished = await watch.finished({ studies: new Set([study]), destinations: 1 });
    watch.stop();
    return unfinished;
  }

  test("every process is in its site's namespace", async () => {
    for (const { namespace, site } of cluster.sites) {
      const inside = (await runIp(`netns pids ${namespace}`)).split("\n").filter(Boolean).map(Number);
      const ours = cluster.processes.filter((process) => process.site === site).map(({ pid }) => pid());
      expect(new Set(inside)).toEqual(new Set(ours));
    }
  });

  test("a console is the operator's: no certificate, or a node's, does not get to it", async () => {
    const [{ address, consoleUrl }] = cluster.sites as [RunningSite, ...RunningSite[]];
    const url = new URL(`https://${address}:${new URL(consoleUrl).port}/`);
    const ofNode = join(dir, "cluster", "identities", "site-a", "node-a1");
    const { caFile } = cluster.ledger.tls!;
    const stolen = { certFile: join(ofNode, "cert.pem"), keyFile: join(ofNode, "key.pem"), caFile };
    await expect(fetch(url)).rejects.toThrow();
    await expect(mutualTlsFetch(stolen)(url, {})).rejects.toThrow();
    expect((await mutualTlsFetch(cluster.ledger.tls!)(url, {})).status).toBe(200);
    expect((await fetch(consoleUrl)).status).toBe(200);
  });

  test(
    "a study sent to one site becomes results that the PACS has",
    async () => {
      expect(await finish(await send("namespaces", 0))).toEqual([]);
    },
    limitMs,
  );

  test(
    "a site that is cut off goes on receiving, the others go on working, and what it received is done when it is back",
    async () => {
      const { network } = cluster;
      await network!.cut("site-c", "site-a");
      await network!.cut("site-c", "site-b");
      const received = await send("cut off", 2);
      expect(await finish(await send("elsewhere", 1))).toEqual([]);
      await network!.heal();
      expect(await finish(received)).toEqual([]);
    },
    limitMs,
  );

  test.skipIf(!slowLineAllowed())(
    "work goes on over a slow line that loses packets (needs socat and TUN)",
    async () => {
      await cluster.network!.slow({ delayMs: 80, loss: 0.01, congestion: "cubic" });
      expect(await finish(await send("slow", 0))).toEqual([]);
      await cluster.network!.heal();
    },
    limitMs,
  );

  test(
    "a stop leaves no namespace behind",
    async () => {
      await log.close();
      await cluster.stop();
      expect(await runIp("netns list")).not.toContain(`releve-${process.pid}-`);
    },
    limitMs,
  );
});
