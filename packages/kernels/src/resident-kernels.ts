/** The kernels that hold a volume each, or a slab of one, least recently used first out, within a budget of memory. Lives in the worker. */
import type { BuiltKernel, EngineOptions } from "./engine.ts";
import type { SharedVolume } from "./shared-volume.ts";
import { VolumeKernels, type VolumeOperation } from "./volume-kernels.ts";
import { slabBytes, slabsOf, type VolumeSlab } from "./volume-slabs.ts";

/** A volume in the slabs that the memory holds one at a time; most volumes are one. */
export type SlabbedVolume = {
  readonly slabs: readonly VolumeSlab[];
  readonly isResident: (slab: VolumeSlab) => boolean;
  /** The kernel is to be run before another one is asked for: the slab may have to go for the next one. */
  readonly kernelFor: (slab: VolumeSlab) => Promise<BuiltKernel>;
};

export class ResidentKernels {
  readonly #options: EngineOptions;
  /** In the order of use. */
  readonly #residents = new Map<string, VolumeKernels>();

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** @throws VolumeTooLargeFault when not even a few slices fit. */
  open(volume: SharedVolume, operation: VolumeOperation): SlabbedVolume {
    const { budgetBytes, volumeBytesMax = budgetBytes } = this.#options;
    return {
      slabs: slabsOf(volume, Math.min(budgetBytes, volumeBytesMax)),
      isResident: (slab) => this.#residents.has(this.#keyOf(volume, slab, operation)),
      kernelFor: (slab) => this.#kernelFor(volume, slab, operation),
    };
  }

  async #kernelFor(volume: SharedVolume, slab: VolumeSlab, operation: VolumeOperation): Promise<BuiltKernel> {
    const key = this.#keyOf(volume, slab, operation);
    const resident = this.#residents.get(key) ?? (await this.#load(volume, slab));
    this.#residents.delete(key);
    this.#residents.set(key, resident);
    return resident.kernelFor(operation);
  }

  /** Where each kernel has a copy of its own, each is a resident. */
  #keyOf(volume: SharedVolume, slab: VolumeSlab, operation: VolumeOperation): string {
    const key = `${volume.key}/${slab.firstSlice}`;
    return this.#options.engine === "webgpu" ? `${key}/${operation}` : key;
  }

  async #load(volume: SharedVolume, slab: VolumeSlab): Promise<VolumeKernels> {
    const evicted = this.#makeRoom(slabBytes(volume, slab));
    // Memory that is dropped goes when the engine collects it, which may be long after the next one is there.
    const again = evicted.find((resident) => resident.moveTo(volume, slab));
    await Promise.all(evicted.filter((resident) => resident !== again).map((resident) => resident.destroy()));
    return again ?? new VolumeKernels(volume, slab, this.#options);
  }

  #makeRoom(bytes: number): VolumeKernels[] {
    const evicted: VolumeKernels[] = [];
    let used = this.#residents.values().reduce((sum, resident) => sum + resident.bytes, 0);
    for (const [key, resident] of this.#residents) {
      if (used + bytes <= this.#options.budgetBytes) break;
      this.#residents.delete(key);
      used -= resident.bytes;
      evicted.push(resident);
    }
    return evicted;
  }
}
