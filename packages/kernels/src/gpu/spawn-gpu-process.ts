/** Starts the GPU's process and speaks to it as to a worker thread. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { KernelWorker } from "../worker-client.ts";
import { SentVolumes, type GpuOptions } from "./gpu-protocol.ts";

const entry = fileURLToPath(new URL("./gpu-process.ts", import.meta.url));

export function spawnGpuProcess(options: GpuOptions): KernelWorker {
  // `advanced`: typed arrays travel as bytes, also those in shared memory.
  const child = fork(entry, [JSON.stringify(options)], { serialization: "advanced", execArgv: [] });
  const sent = new SentVolumes(options.budgetBytes);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    on: (event: string, listener: (value: never) => void) =>
      child.on(event, listener as (value: unknown) => void),
    // A process that is gone has told so by its exit, which fails whoever waits.
    postMessage: (request) => void child.send(sent.message(request), () => undefined),
    terminate: async () => {
      child.kill("SIGKILL");
      return ended;
    },
  };
}
