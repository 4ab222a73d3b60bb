/**
 * Sends this process's heartbeat from a thread of its own, so that a main loop that is busy for seconds does not look dead.
 * The beat says how late the main loop is: the main loop writes a time into shared memory, the thread compares.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { TlsFiles } from "@releve/domain/tls-files";
import type { Heartbeat } from "./heartbeat.ts";

export type HeartbeatSender = {
  /** What the next beats say; what is left out stays as it was. All but progress is said at once, out of turn. */
  readonly update: (now: Partial<Beating>) => void;
  /** Resolves when the first beat was handed to the server. */
  readonly beating: Promise<void>;
  /** @param inOrder true when the process leaves nothing behind; otherwise its silence is to be noticed. */
  readonly stop: (inOrder?: boolean) => Promise<void>;
};

/** What changes while the process runs; at first: nothing at hand, no word about others. */
export type Beating = Pick<Heartbeat, "busy" | "progress" | "suspects" | "draining" | "sessions">;

/** What stays for as long as the process runs. */
export type BeatingProcess = Pick<Heartbeat, "node" | "site" | "kind" | "incarnation" | "slots"> &
  Partial<Pick<Heartbeat, "memoryBytes" | "engine">>;

export type SenderOptions = BeatingProcess & {
  readonly servers: readonly string[];
  readonly tls?: TlsFiles;
};

/** Main thread to worker. */
export type ToWorker =
  | { readonly type: "update"; readonly now: Partial<Beating> }
  | { readonly type: "stop"; readonly inOrder: boolean };
export type WorkerStart = SenderOptions & { readonly tick: SharedArrayBuffer };

/** How often the main loop shows that it turns. */
export const tickEveryMs = 50;

export function startHeartbeats(options: SenderOptions): HeartbeatSender {
  const tick = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  const ticks = new BigInt64Array(tick);
  const turn = () => Atomics.store(ticks, 0, process.hrtime.bigint());
  turn();
  const ticking = setInterval(turn, tickEveryMs);
  // No "error" listener: a heartbeat thread that fails takes the process down, and another node takes its jobs.
  const worker = new Worker(new URL("./heartbeat-worker.ts", import.meta.url), {
    workerData: { ...options, tick } satisfies WorkerStart,
  });
  const post = (message: ToWorker) => worker.postMessage(message);
  return {
    update: (now) => post({ type: "update", now }),
    beating: once(worker, "message").then(() => undefined),
    stop: async (inOrder = false) => {
      clearInterval(ticking);
      const ended = once(worker, "exit");
      post({ type: "stop", inOrder });
      await ended;
    },
  };
}
