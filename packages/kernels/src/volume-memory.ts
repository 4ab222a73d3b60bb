/**
 * One WebAssembly memory for all kernels of a volume: its float32 voxels lie there once, however many kernels read them.
 *
 * gpu.js 2.24.1 gives every kernel a memory of its own, [arguments | constants | output], and copies the constants into it.
 * Here every kernel's layout is [arguments | output | volume], the volume at one place for all, and the second kernel is bound
 * to the first one's memory. This overrides private methods, so the version of gpu.js is pinned exactly, and what is not as
 * expected throws. Kernels of one memory must not run at the same time: their arguments and outputs lie at the same place.
 */
/* oxlint-disable no-underscore-dangle -- gpu.js' names, see above */
import { WebAssemblyKernel } from "gpu.js";
import { KernelComputeFault } from "./faults.ts";

/** Arguments and outputs of a tile, with room to spare. The volume begins here. */
const scratchBytes = 2 ** 20;

type Layout = {
  readonly constantArrays: Record<string, { offset: number; readonly flatLength: number }>;
  outputOffset: number;
  /** What every module on one memory must declare alike. */
  totalBytes?: number;
};

/** What the pool of threads and the kernel itself use of a compiled module. */
type Entry = {
  memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  readonly mathImports: readonly string[];
  instance: WebAssembly.Instance;
  run: unknown;
  runSimd: unknown;
  f32: Float32Array;
  i32: Int32Array;
};

type Internals = {
  constants: Record<string, unknown>;
  readonly _active: Entry | null;
  computeLayout(args: ArrayLike<unknown>): Layout;
  _assembleModule(layout: Layout, cells: number, shared: boolean): unknown;
  _instantiate(key: string, args: ArrayLike<unknown>): void;
  requestFallback(args: ArrayLike<unknown>, reason: string): unknown;
};

type KernelClass = new (...args: ConstructorParameters<typeof WebAssemblyKernel>) => Internals;

const overridden = ["computeLayout", "_assembleModule", "_instantiate", "requestFallback"] as const;
const ofEntry = ["memory", "module", "mathImports", "instance", "run", "runSimd", "f32", "i32"] as const;

/** Writes all voxels. */
type Fill = (target: Float32Array) => void;

export class VolumeMemory {
  readonly #voxels: number;
  readonly #fill: Fill;
  #memory: WebAssembly.Memory | undefined;

  /** `fill` is called when the first kernel has made the memory. */
  constructor(voxels: number, fill: Fill) {
    this.#voxels = voxels;
    this.#fill = fill;
  }

  /** Gives the memory to a kernel that was just compiled, or takes it over from the first one. */
  bind(entry: Entry): void {
    if (entry.memory === this.#memory) return;
    for (const name of ofEntry) if (entry[name] === undefined) throw changed(`no ${name}`);
    if (this.#memory) return rebind(entry, this.#memory);
    this.#memory = entry.memory;
    this.refill(this.#fill);
  }

  /** Writes other voxels, as many. False where no kernel has made the memory. */
  refill(fill: Fill): boolean {
    if (!this.#memory) return false;
    fill(new Float32Array(this.#memory.buffer, scratchBytes, this.#voxels));
    return true;
  }
}

/**
 * The class of kernels whose constant `volume` lies in `memory`; its value is read only where gpu.js falls back to its `cpu`
 * engine, which has it from `marked`.
 */
export function kernelsOn(memory: VolumeMemory, marked: () => unknown): typeof WebAssemblyKernel {
  for (const name of overridden)
    if (typeof (WebAssemblyKernel.prototype as never)[name] !== "function") throw changed(`no ${name}`);
  class VolumeKernel extends (WebAssemblyKernel as unknown as KernelClass) {
    override computeLayout(args: ArrayLike<unknown>): Layout {
      const layout = super.computeLayout(args);
      const volume = layout.constantArrays["volume"];
      if (!volume || Object.keys(layout.constantArrays).length > 1) throw changed("another layout");
      // The arguments come first in either order, so what follows them is where the volume was.
      layout.outputOffset = volume.offset;
      volume.offset = scratchBytes;
      layout.totalBytes = scratchBytes + volume.flatLength * Float32Array.BYTES_PER_ELEMENT;
      return layout;
    }

    override _assembleModule(layout: Layout, cells: number, shared: boolean): unknown {
      const end = layout.outputOffset + cells * Float32Array.BYTES_PER_ELEMENT;
      if (end > scratchBytes) throw new RangeError(`${end} bytes of arguments and output`);
      const assembled = super._assembleModule(layout, cells, shared);
      // gpu.js would copy what is still listed.
      delete layout.constantArrays["volume"];
      return assembled;
    }

    override _instantiate(key: string, args: ArrayLike<unknown>): void {
      super._instantiate(key, args);
      if (!this._active) throw changed("no active module");
      memory.bind(this._active);
    }

    override requestFallback(args: ArrayLike<unknown>, reason: string): unknown {
      this.constants = { ...this.constants, volume: marked() };
      return super.requestFallback(args, reason);
    }
  }
  return VolumeKernel as unknown as typeof WebAssemblyKernel;
}

/** The memory that gpu.js made for this one was never touched, and goes. */
function rebind(entry: Entry, memory: WebAssembly.Memory): void {
  const math = entry.mathImports.map((name) => [`math_${name}`, Math[name as "exp"]]);
  const instance = new WebAssembly.Instance(entry.module, { env: { memory, ...Object.fromEntries(math) } });
  const { run, run_simd: runSimd } = instance.exports as Record<string, unknown>;
  Object.assign(entry, {
    memory,
    instance,
    run,
    runSimd: runSimd ?? null,
    f32: new Float32Array(memory.buffer),
    i32: new Int32Array(memory.buffer),
  });
}

const changed = (what: string) =>
  new KernelComputeFault(`gpu.js is not the version that kernels share their memory with: ${what}`);
