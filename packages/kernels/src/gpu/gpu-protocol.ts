/** What goes to the GPU's process: the runner's requests, but a volume's values only once, because a process shares no memory. */
import type { EngineOptions } from "../engine.ts";
import type { SharedVolume } from "../shared-volume.ts";
import type { WorkRequest } from "../worker-protocol.ts";

export type GpuOptions = EngineOptions & { readonly allowSoftware: boolean };

export type GpuMessage = {
  readonly request: WorkRequest;
  /** Keys of volumes that are to be forgotten first: both sides keep the same ones. */
  readonly forget: readonly number[];
};

/** The node's side: which volumes the process has, in the order of use. */
export class SentVolumes {
  readonly #budgetBytes: number;
  readonly #bytes = new Map<number, number>();

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes;
  }

  message(request: WorkRequest): GpuMessage {
    if (!("id" in request) || request.work.kind === "voxels") return { request, forget: [] };
    const { id, work } = request;
    const { volume } = work;
    const isThere = this.#bytes.delete(volume.key);
    this.#bytes.set(volume.key, volume.values.byteLength);
    if (!isThere) return { request, forget: this.#leastUsed(volume.key) };
    const withoutValues = { ...volume, values: volume.values.subarray(0, 0) };
    return { request: { id, work: { ...work, volume: withoutValues } as typeof work }, forget: [] };
  }

  /** What must go so that all fit; never the newest, which the process refuses itself where it is too large. */
  #leastUsed(newest: number): number[] {
    let used = this.#bytes.values().reduce((sum, bytes) => sum + bytes, 0);
    const forget: number[] = [];
    for (const [key, bytes] of this.#bytes) {
      if (used <= this.#budgetBytes || key === newest) break;
      this.#bytes.delete(key);
      forget.push(key);
      used -= bytes;
    }
    return forget;
  }
}

/** The process's side. */
export class HeldVolumes {
  readonly #held = new Map<number, SharedVolume>();

  take({ request, forget }: GpuMessage): WorkRequest {
    for (const key of forget) this.#held.delete(key);
    if (!("id" in request) || request.work.kind === "voxels") return request;
    const { id, work } = request;
    const { volume } = work;
    if (volume.values.length > 0) this.#held.set(volume.key, volume);
    const held = this.#held.get(volume.key) ?? volume;
    return { id, work: { ...work, volume: held } as typeof work };
  }
}
