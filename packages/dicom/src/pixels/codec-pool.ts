/**
 * Decodes code streams in worker threads, each frame within a time. A worker that fails or is late is ended, and the
 * next frame finds a new one. Callers queue; how many there are is bounded by the doors that let objects in.
 */
import { Worker } from "node:worker_threads";
import type { CodecFrame, CodecReply, CodecRequest, Decoded, NativeCodec } from "./codec-protocol.ts";

export type CodecPoolOptions = {
  readonly workers: number;
  /** From the start of decoding to its end; a worker's own start does not count. */
  readonly limitMs: (frame: CodecFrame) => number;
  readonly spawn: () => Worker;
};

/** A worker compiles 4 MB of WASM: a fraction of a second, more on a machine that is busy. */
const startLimitMs = 60_000;

export class CodecPool {
  readonly #options: CodecPoolOptions;
  readonly #idle: Worker[] = [];
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(options: CodecPoolOptions) {
    this.#options = options;
  }

  /** @throws Error of any kind when the stream cannot be decoded, or not in time. */
  async decode(codec: NativeCodec, encoded: Uint8Array, frame: CodecFrame): Promise<Decoded> {
    await this.#turn();
    try {
      const worker = this.#idle.pop() ?? (await this.#start());
      const decoded = await this.#decodeIn(worker, { codec, encoded: new Uint8Array(encoded), frame });
      this.#idle.push(worker);
      return decoded;
    } finally {
      this.#giveTurn();
    }
  }

  /** Ends the workers that are idle. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((worker) => worker.terminate()));
  }

  async #turn(): Promise<void> {
    if (this.#running < this.#options.workers) this.#running += 1;
    else await new Promise<void>((go) => this.#queue.push(go));
  }

  /** The next one in the queue takes over the turn, so that nobody slips in between. */
  #giveTurn(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#running -= 1;
  }

  async #start(): Promise<Worker> {
    const worker = this.#options.spawn();
    // Whoever waits for a reply hears of an error too; without a listener an idle worker's would end the process.
    worker.on("error", () => this.#forget(worker)).on("exit", () => this.#forget(worker));
    await replyOf(worker, startLimitMs);
    return worker;
  }

  #forget(worker: Worker): void {
    const at = this.#idle.indexOf(worker);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  async #decodeIn(worker: Worker, request: CodecRequest): Promise<Decoded> {
    const reply = replyOf(worker, this.#options.limitMs(request.frame));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin
    worker.postMessage(request, [request.encoded.buffer]);
    const answer = await reply;
    if (answer.kind === "decoded") return answer.decoded;
    await worker.terminate();
    throw new Error("the codec failed");
  }
}

/** The next message. A worker that ends instead, or says nothing in time, is gone when this rejects. */
function replyOf(worker: Worker, limitMs: number): Promise<CodecReply> {
  const { promise, resolve, reject } = Promise.withResolvers<CodecReply>();
  const timer = setTimeout(() => void worker.terminate(), limitMs);
  const onError = (error: unknown) =>
    reject(error instanceof Error ? error : new Error("the codec worker failed"));
  const onExit = () => reject(new Error("the codec worker has ended"));
  // A process that has nothing else to do may end while workers are idle, but not while a frame is decoded.
  worker.ref();
  worker.once("message", resolve).once("error", onError).once("exit", onExit);
  return promise.finally(() => {
    clearTimeout(timer);
    worker.off("message", resolve).off("error", onError).off("exit", onExit);
    worker.unref();
  });
}

const spawnCodecWorker = (): Worker => new Worker(new URL("./codec-worker.ts", import.meta.url));

/** Frames take about 0.1 s a megabyte; ten times that, and a wide margin for a busy machine. */
const limitMs = ({ rows, columns, samplesPerPixel, bitsAllocated }: CodecFrame): number =>
  15_000 + (rows * columns * samplesPerPixel * bitsAllocated) / 8 / 1000;

const pool = new CodecPool({ workers: 2, limitMs, spawn: spawnCodecWorker });

/** Colour is left as it is coded. @throws Error of any kind when the stream cannot be decoded, or not in time. */
export function decodeNatively(codec: NativeCodec, encoded: Uint8Array, frame: CodecFrame): Promise<Decoded> {
  return pool.decode(codec, encoded, frame);
}
