/** The kernels of one volume, or of a slab of it, built when they are first asked for. */
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
import { slabBytes, type VolumeSlab } from "./volume-slabs.ts";

/** What is computed of a volume: a kernel each. */
export type VolumeOperation = "rays" | "rendering";

const functions = {
  rays: { run: sampleRays, argumentTypes: Array<string>(sampleRays.length).fill("Float") },
  rendering: {
    run: renderRays,
    argumentTypes: [...Array<string>(21).fill("Float"), "Input", "Float", "Input", "Input"],
  },
};

/** On `webasm` all kernels read one memory, on `cpu` the shared voxels themselves; on `webgpu` each has a copy on the card. */
export class VolumeKernels {
  readonly bytes: number;
  readonly #volume: SharedVolume;
  readonly #options: EngineOptions;
  readonly #gpu: GPU;
  readonly #memory: VolumeMemory | undefined;
  readonly #constants: Readonly<Record<string, unknown>>;
  readonly #kernels = new Map<VolumeOperation, BuiltKernel>();

  constructor(volume: SharedVolume, slab: VolumeSlab, options: EngineOptions) {
    const part = partOf(volume, slab);
    this.bytes = slabBytes(volume, slab);
    this.#volume = volume;
    this.#options = options;
    this.#gpu = new GPU({ mode: options.engine });
    const marked = () => inputOf(part, markGaps(part));
    if (options.engine === "webasm") {
      this.#memory = new VolumeMemory(part.values.length, (target) => writeMarked(part, target));
      this.#gpu.Kernel = kernelsOn(this.#memory, marked);
    }
    this.#constants = {
      volume: this.#memory ? inputOf(part, part.values) : marked(),
      ...numbersOf(volume),
    };
  }

  /** Holds another slab of the same volume from now on. False where that is another volume, or the engine cannot. */
  moveTo(volume: SharedVolume, slab: VolumeSlab): boolean {
    const part = partOf(volume, slab);
    return (
      volume.key === this.#volume.key && this.#memory?.refill((target) => writeMarked(part, target)) === true
    );
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

/** Its slices, as a volume. */
function partOf(volume: SharedVolume, { firstSlice, lastSlice }: VolumeSlab): SharedVolume {
  const [columns, rows] = volume.size;
  const sliceVoxels = columns * rows;
  return {
    ...volume,
    values: volume.values.subarray(firstSlice * sliceVoxels, (lastSlice + 1) * sliceVoxels),
    size: [columns, rows, lastSlice - firstSlice + 1],
  };
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
