/** The kernels that hold a volume each, least recently used first out, within a budget of memory. Lives in the worker. */
import { GPU, Input } from "gpu.js";
import { VolumeTooLargeFault } from "./faults.ts";
import { markGaps } from "./gaps.ts";
import { sampleRays } from "./kernels/sample-rays.ts";
import { indexTolerance, maxRaySteps, outsideLimit, outsideValue } from "./sampling-rules.ts";
import type { SharedVolume } from "./shared-volume.ts";

export type EngineName = "cpu" | "webasm";

export type EngineOptions = {
  readonly engine: EngineName;
  readonly threads: number;
  readonly budgetBytes: number;
};

/** Every kernel computes tiles of this size, so that it is compiled, and the volume uploaded, once. */
export const tileColumns = 256;
export const tileRows = 128;

/** A built kernel: the numbers are `sampleRays`' arguments, the result is one array per row of the tile. */
export type TileKernel = ((...numbers: number[]) => Float32Array[] | Promise<Float32Array[]>) & {
  readonly kernel: { readonly constructor: unknown; readonly fallbackReason?: string | null };
};

type Resident = { readonly gpu: GPU; readonly kernel: TileKernel; readonly bytes: number };

export class ResidentKernels {
  readonly #options: EngineOptions;
  /** In the order of use. */
  readonly #residents = new Map<number, Resident>();

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** @throws VolumeTooLargeFault when the volume alone exceeds the budget. */
  async kernelFor(volume: SharedVolume): Promise<TileKernel> {
    const before = this.#residents.get(volume.key);
    const resident = before ?? (await this.#load(volume));
    this.#residents.delete(volume.key);
    this.#residents.set(volume.key, resident);
    return resident.kernel;
  }

  async #load(volume: SharedVolume): Promise<Resident> {
    const bytes = volume.values.length * Float32Array.BYTES_PER_ELEMENT;
    if (bytes > this.#options.budgetBytes) throw new VolumeTooLargeFault(bytes, this.#options.budgetBytes);
    await this.#makeRoom(bytes);
    const gpu = new GPU({ mode: this.#options.engine });
    return { gpu, kernel: createKernel(gpu, volume, this.#options.threads), bytes };
  }

  async #makeRoom(bytes: number): Promise<void> {
    let used = 0;
    for (const resident of this.#residents.values()) used += resident.bytes;
    for (const [key, resident] of this.#residents) {
      if (used + bytes <= this.#options.budgetBytes) return;
      this.#residents.delete(key);
      used -= resident.bytes;
      await resident.gpu.destroy();
    }
  }
}

function createKernel(gpu: GPU, volume: SharedVolume, threads: number): TileKernel {
  const [columns, rows, slices] = volume.size;
  const { values, hasGaps } = markGaps(volume);
  const numbers = {
    lastX: columns - 1,
    lastY: rows - 1,
    lastZ: slices - 1,
    hasGaps: hasGaps ? 1 : 0,
    tolerance: indexTolerance,
    outside: outsideValue,
    outsideLimit,
  };
  const floats = Object.fromEntries(Object.keys(numbers).map((name) => [name, "Float"]));
  const settings = {
    constants: { volume: new Input(values as never, [columns, rows, slices]), ...numbers },
    constantTypes: { volume: "Input", ...floats },
    argumentTypes: Array.from({ length: sampleRays.length }, () => "Float"),
    output: [tileColumns, tileRows],
    loopMaxIterations: maxRaySteps,
    precision: "single",
    asyncMode: threads > 1,
    poolSize: threads,
  };
  return gpu.createKernel(sampleRays as never, settings as never) as unknown as TileKernel;
}

/** What really computed, once the kernel has run: gpu.js can fall back with only a warning on the console. */
export function engineOf(kernel: TileKernel, wanted: EngineName): string {
  const { mode } = kernel.kernel.constructor as { mode: string };
  if (mode === wanted) return `gpu.js/${mode}`;
  return `gpu.js/${mode} (fallback from ${wanted}: ${kernel.kernel.fallbackReason ?? "no reason given"})`;
}
