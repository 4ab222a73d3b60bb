/** The node of the session benchmark, a process of its own: `node session-node.ts THREADS`. It prints where it listens. */
import { steadyClock } from "@releve/domain/clock";
import { openKernelRunner } from "@releve/kernels/open-kernel-runner";
import { SessionHost } from "@releve/recon/session/session-host";
import { listenForSessions } from "@releve/recon/session/session-listener";
import { linkOptions } from "@releve/recon/session/text-socket";
import { initialView } from "@releve/wire/session/initial-view";
import { benchVolume } from "./kernels-volume.ts";

const threads = Number(process.argv[2]);
const volume = benchVolume();
const home = initialView(volume.geometry, { centre: 40, width: 400 });
const fail = (error: unknown): never => {
  throw error;
};
const sessions = new SessionHost({
  self: { node: "bench", site: "bench" },
  // Loading is not what is measured: the volume is there.
  shelf: {
    take: async () => ({ volume, modality: "CT", unit: "HU", factor: 1, home }),
    release: () => {},
    freeBytes: () => 0,
  },
  openRunner: () => openKernelRunner({ engine: "webasm", threads }),
  sessionsMost: 8,
  clock: steadyClock,
  link: linkOptions(undefined),
  onFault: fail,
  onHeld: () => {},
});
const { url } = await listenForSessions({
  host: "127.0.0.1",
  port: 0,
  admits: () => true,
  sessions,
  onFault: fail,
});
process.stdout.write(`${url}\n`);
