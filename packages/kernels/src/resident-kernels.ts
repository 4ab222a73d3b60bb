/** The kernels that hold a volume each, least recently used first out, within a budget of memory. Lives in the worker. */
import { GPU, Input } from "gpu.js";
import { VolumeTooLargeFault } from "./faults.ts";
import { markGaps } from "./gaps.ts";
import { renderRays } from "./kernels/render-rays.ts";
import { sampleRays } from "./kernels/sample-rays.ts";
import { leastTransmittance } from "./rendering-rules.ts";
import { indexTolerance, maxRaySteps, outsideLimit, outsideValue } from "./sampling-rules.ts";
import type { SharedVolume } from "./shared-volume.ts";
import { tileColumns, tileRows } from "./tiles.ts";

export type EngineName = "cpu" | "webasm" | "webgpu";

export type EngineOptions = {
  readonly engine: EngineName;
  readonly threads: number;
  readonly budgetBytes: number;
  /** What one volume may take where that is less than the budget: a GPU's largest array. */
  readonly volumeBytesMax?: number;
};

/** A built kernel: takes numbers and tables in the order of its function's parameters, gives one array per row of its output. */
export type BuiltKernel = ((...args: (number | Input)[]) => Float32Array[] | Promise<Float32Array[]>) & {
  readonly kernel: { readonly constructor: unknown; readonly fallbackReason?: string | null };
};

/** What is computed of a volume; each needs a kernel, and a copy of the volume, of its own. */
export type VolumeOperation = "rays" | "rendering";

type Resident = { readonly gpu: GPU; readonly kernel: BuiltKernel; readonly bytes: number };

export class ResidentKernels {
  readonly #options: EngineOptions;
  /** In the order of use. */
  readonly #residents = new Map<string, Resident>();

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** @throws VolumeTooLargeFault when the volume alone exceeds the budget. */
  async kernelFor(volume: SharedVolume, operation: VolumeOperation): Promise<BuiltKernel> {
    const key = `${operation}/${volume.key}`;
    const resident = this.#residents.get(key) ?? (await this.#load(volume, operation));
    this.#residents.delete(key);
    this.#residents.set(key, resident);
    return resident.kernel;
  }

  async #load(volume: SharedVolume, operation: VolumeOperation): Promise<Resident> {
    const bytes = volume.values.length * Float32Array.BYTES_PER_ELEMENT;
    const { budgetBytes, volumeBytesMax = budgetBytes } = this.#options;
    const bytesMax = Math.min(budgetBytes, volumeBytesMax);
    if (bytes > bytesMax) throw new VolumeTooLargeFault(bytes, bytesMax);
    await this.#makeRoom(bytes);
    const gpu = new GPU({ mode: this.#options.engine });
    return { gpu, kernel: createKernel(gpu, volume, operation, this.#options.threads), bytes };
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

const functions = {
  rays: { run: sampleRays, argumentTypes: Array<string>(sampleRays.length).fill("Float") },
  rendering: {
    run: renderRays,
    argumentTypes: [...Array<string>(17).fill("Float"), "Input", "Float", "Input", "Input"],
  },
};

function createKernel(
  gpu: GPU,
  volume: SharedVolume,
  operation: VolumeOperation,
  threads: number,
): BuiltKernel {
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
    leastTransmittance,
  };
  const floats = Object.fromEntries(Object.keys(numbers).map((name) => [name, "Float"]));
  const { run, argumentTypes } = functions[operation];
  const settings = {
    constants: { volume: new Input(values as never, [columns, rows, slices]), ...numbers },
    constantTypes: { volume: "Input", ...floats },
    argumentTypes,
    output: [tileColumns, tileRows],
    loopMaxIterations: maxRaySteps,
    precision: "single",
    asyncMode: threads > 1,
    poolSize: threads,
  };
  return gpu.createKernel(run as never, settings as never) as unknown as BuiltKernel;
}

/** What really computed, once the kernel has run: gpu.js can fall back with only a warning on the console. */
export function engineOf(kernel: BuiltKernel, wanted: EngineName): string {
  const { mode } = kernel.kernel.constructor as { mode: string };
  if (mode === wanted) return `gpu.js/${mode}`;
  return `gpu.js/${mode} (fallback from ${wanted}: ${kernel.kernel.fallbackReason ?? "no reason given"})`;
}
