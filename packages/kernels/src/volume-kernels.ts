/** The kernels of one volume, built when they are first asked for. */
import { GPU, Input } from "gpu.js";
import type { BuiltKernel, EngineOptions } from "./engine.ts";
import { hasGaps, markGaps, writeMarked } from "./gaps.ts";
import { renderRays } from "./kernels/render-rays.ts";
import { sampleRays } from "./kernels/sample-rays.ts";
import { leastTransmittance } from "./rendering-rules.ts";
import { indexTolerance, maxRaySteps, outsideLimit, outsideValue } from "./sampling-rules.ts";
import type { SharedVolume } from "./shared-volume.ts";
import { tileColumns, tileRows } from "./tiles.ts";
import { kernelsOn, VolumeMemory } from "./volume-memory.ts";

/** What is computed of a volume: a kernel each. */
export type VolumeOperation = "rays" | "rendering";

const functions = {
  rays: { run: sampleRays, argumentTypes: Array<string>(sampleRays.length).fill("Float") },
  rendering: {
    run: renderRays,
    argumentTypes: [...Array<string>(17).fill("Float"), "Input", "Float", "Input", "Input"],
  },
};

/** On `webasm` all kernels read one memory, on `cpu` the shared voxels themselves; on `webgpu` each has a copy on the card. */
export class VolumeKernels {
  readonly #volume: SharedVolume;
  readonly #options: EngineOptions;
  readonly #gpu: GPU;
  readonly #constants: Readonly<Record<string, unknown>>;
  readonly #kernels = new Map<VolumeOperation, BuiltKernel>();

  constructor(volume: SharedVolume, options: EngineOptions) {
    this.#volume = volume;
    this.#options = options;
    this.#gpu = new GPU({ mode: options.engine });
    const marked = () => inputOf(volume, markGaps(volume));
    const isShared = options.engine === "webasm";
    if (isShared) {
      const memory = new VolumeMemory(volume.values.length, (target) => writeMarked(volume, target));
      this.#gpu.Kernel = kernelsOn(memory, marked);
    }
    this.#constants = { volume: isShared ? inputOf(volume, volume.values) : marked(), ...numbersOf(volume) };
  }

  kernelFor(operation: VolumeOperation): BuiltKernel {
    const kernel = this.#kernels.get(operation) ?? this.#build(operation);
    this.#kernels.set(operation, kernel);
    return kernel;
  }

  async destroy(): Promise<void> {
    await this.#gpu.destroy();
  }

  #build(operation: VolumeOperation): BuiltKernel {
    const { threads } = this.#options;
    const { run, argumentTypes } = functions[operation];
    const floats = Object.keys(numbersOf(this.#volume)).map((name) => [name, "Float"]);
    const settings = {
      constants: this.#constants,
      constantTypes: { volume: "Input", ...Object.fromEntries(floats) },
      argumentTypes,
      output: [tileColumns, tileRows],
      loopMaxIterations: maxRaySteps,
      precision: "single",
      asyncMode: threads > 1,
      poolSize: threads,
    };
    return this.#gpu.createKernel(run as never, settings as never) as unknown as BuiltKernel;
  }
}

function inputOf({ size }: SharedVolume, values: SharedVolume["values"]): Input {
  return new Input(values as never, [...size]);
}

function numbersOf(volume: SharedVolume) {
  const [columns, rows, slices] = volume.size;
  return {
    lastX: columns - 1,
    lastY: rows - 1,
    lastZ: slices - 1,
    hasGaps: hasGaps(volume) ? 1 : 0,
    tolerance: indexTolerance,
    outside: outsideValue,
    outsideLimit,
    leastTransmittance,
  };
}
