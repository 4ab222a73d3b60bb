/** The messages between the engine and its workers. Every worker answers every request once, in order. */

/** An export of `assembly/engine.ts` and its arguments. */
export type EngineCall = readonly [name: string, ...numbers: number[]];

export type SimdRequest =
  | {
      readonly id: number;
      /** Instantiates the module on the volume's memory. */
      readonly kind: "attach";
      readonly volume: number;
      readonly memory: WebAssembly.Memory;
    }
  | {
      readonly id: number;
      /** Copies voxels into the volume's memory, each worker its part. */
      readonly kind: "copy";
      readonly volume: number;
      readonly from: SharedArrayBuffer;
      readonly fromBytes: number;
      readonly to: number;
      readonly bytes: number;
    }
  | {
      readonly id: number;
      readonly kind: "call";
      readonly volume: number;
      readonly calls: readonly EngineCall[];
    }
  | { readonly id: number; readonly kind: "detach"; readonly volume: number };

export type SimdReply = { readonly id: number; readonly failed?: string };

/** Without the id, which the pool gives. */
export type SimdOrder = SimdRequest extends infer One
  ? One extends unknown
    ? Omit<One, "id">
    : never
  : never;

export type SimdWorkerData = { readonly module: WebAssembly.Module };
