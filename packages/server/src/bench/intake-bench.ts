/**
 * Objects per second by C-STORE, from the same sender in turn to our gateway and to dcmtk's storescp. They do not the same
 * work: ours parses, hashes, fsyncs the object, its folder and a journal entry before Success; storescp writes a file.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loopbackPeers } from "@releve/gateway/intake/admission";
import { openIntake } from "@releve/gateway/intake/open-intake";
import { openDimseDoor } from "@releve/gateway/doors/dimse-door";
import { systemClock } from "@releve/domain/clock";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import { freePorts, firstTaken } from "../cluster/ports.ts";
import { inheritedEnvironment } from "../config/read-settings.ts";
import { localTarget, sendStudy } from "../demo/send-study.ts";
import { generatedFiles } from "../demo/source-files.ts";
import { benchRow, type BenchRow } from "./bench-row.ts";

const runs = 5;
const objects = 200;
const peerName = "dcmtk storescp, TCP_NODELAY=1";

type Receiver = { readonly port: number; readonly close: () => Promise<void> };

export async function intakeBench(): Promise<BenchRow[]> {
  const hasPeer = spawnSync("storescp", ["--version"]).status === 0;
  const ours: number[] = [];
  const peer: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const own = await objectsPerSecond(run, ourGateway);
    const other = hasPeer ? await objectsPerSecond(run, storescp) : undefined;
    if (run === 0) continue; // warms both up
    ours.push(own);
    if (other !== undefined) peer.push(other);
  }
  return [
    benchRow(
      { metric: `C-STORE of ${objects} CT images of 512 KiB`, unit: "objects/s", peerName },
      ours,
      peer,
    ),
  ];
}

async function objectsPerSecond(run: number, open: (dir: string) => Promise<Receiver>): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), "releve-bench-"));
  const receiver = await open(dir);
  try {
    const series = ctPhantom({
      study: `bench ${run}`,
      columns: 512,
      rows: 512,
      slices: objects,
      pixelSpacingMm: 0.45,
      sliceSpacingMm: 1,
    });
    const startedMs = systemClock.nowMs();
    const sent = await sendStudy(localTarget(receiver.port, "BENCH"), generatedFiles(series), () => {});
    const tookMs = systemClock.nowMs() - startedMs;
    const refused = sent.find((file) => file.outcome === "refused");
    if (refused) throw new Error(`an object was refused: ${refused.reason}`);
    return (1000 * objects) / tookMs;
  } finally {
    await receiver.close();
    await rm(dir, { recursive: true });
  }
}

async function ourGateway(dir: string): Promise<Receiver> {
  const intake = await openIntake({ dir, minFreeBytes: 0, nowMs: systemClock.nowMs });
  const scp = await openDimseDoor(intake, {
    host: "127.0.0.1",
    port: 0,
    aeTitle: "RELEVE",
    peers: loopbackPeers,
  });
  return {
    port: scp.port,
    close: async () => {
      await scp.close(1_000);
      await intake.close();
    },
  };
}

async function storescp(dir: string): Promise<Receiver> {
  const [port] = (await freePorts(1)) as [number];
  const env = { ...inheritedEnvironment(), TCP_NODELAY: "1" };
  const child = spawn("storescp", ["-aet", "RELEVE", "+xa", "-od", dir, String(port)], {
    stdio: "ignore",
    env,
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const untilMs = systemClock.nowMs() + 10_000;
  while ((await firstTaken([port])) === undefined) {
    if (systemClock.nowMs() > untilMs) throw new Error("storescp does not listen");
    await systemClock.wait(20);
  }
  return {
    port,
    close: async () => {
      child.kill("SIGTERM");
      await gone;
    },
  };
}
