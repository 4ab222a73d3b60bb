/** One thread of the SIMD engine: an instance of the module per volume, all on the memory that the threads share. */
import { parentPort, workerData } from "node:worker_threads";
import type { SimdReply, SimdRequest, SimdWorkerData } from "./simd-protocol.ts";

const port = parentPort;
if (!port) throw new Error("this module runs only as a worker");
const { module } = workerData as SimdWorkerData;

type Exports = Readonly<Record<string, (...numbers: number[]) => void>>;
type Attached = { readonly memory: WebAssembly.Memory; readonly exports: Exports };

const volumes = new Map<number, Attached>();

port.on("message", (request: SimdRequest) => {
  port.postMessage(answer(request));
});

function answer(request: SimdRequest): SimdReply {
  try {
    serve(request);
    return { id: request.id };
  } catch (error) {
    return { id: request.id, failed: error instanceof Error ? error.message : String(error) };
  }
}

function serve(request: SimdRequest): void {
  if (request.kind === "attach") {
    const { exports } = new WebAssembly.Instance(module, { env: { memory: request.memory } });
    volumes.set(request.volume, { memory: request.memory, exports: exports as Exports });
    return;
  }
  if (request.kind === "detach") {
    volumes.delete(request.volume);
    return;
  }
  const attached = volumes.get(request.volume);
  if (!attached) throw new Error("this volume is not attached");
  if (request.kind === "copy")
    new Uint8Array(attached.memory.buffer, request.to, request.bytes).set(
      new Uint8Array(request.from, request.fromBytes, request.bytes),
    );
  else for (const [name, ...numbers] of request.calls) attached.exports[name]!(...numbers);
}
