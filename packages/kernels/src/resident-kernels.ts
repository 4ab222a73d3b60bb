/** The kernels that hold a volume each, least recently used first out, within a budget of memory. Lives in the worker. */
import type { BuiltKernel, EngineOptions } from "./engine.ts";
import { VolumeTooLargeFault } from "./faults.ts";
import type { SharedVolume } from "./shared-volume.ts";
import { VolumeKernels, type VolumeOperation } from "./volume-kernels.ts";

type Resident = { readonly kernels: VolumeKernels; readonly bytes: number };

export class ResidentKernels {
  readonly #options: EngineOptions;
  /** In the order of use. */
  readonly #residents = new Map<string, Resident>();

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** @throws VolumeTooLargeFault when the volume alone exceeds the budget. */
  async kernelFor(volume: SharedVolume, operation: VolumeOperation): Promise<BuiltKernel> {
    // A copy for each kernel is a resident for each.
    const key = this.#options.engine === "webgpu" ? `${volume.key}/${operation}` : `${volume.key}`;
    const resident = this.#residents.get(key) ?? (await this.#load(volume));
    this.#residents.delete(key);
    this.#residents.set(key, resident);
    return resident.kernels.kernelFor(operation);
  }

  async #load(volume: SharedVolume): Promise<Resident> {
    const bytes = volume.values.length * Float32Array.BYTES_PER_ELEMENT;
    const { budgetBytes, volumeBytesMax = budgetBytes } = this.#options;
    const bytesMax = Math.min(budgetBytes, volumeBytesMax);
    if (bytes > bytesMax) throw new VolumeTooLargeFault(bytes, bytesMax);
    await this.#makeRoom(bytes);
    return { kernels: new VolumeKernels(volume, this.#options), bytes };
  }

  async #makeRoom(bytes: number): Promise<void> {
    let used = 0;
    for (const resident of this.#residents.values()) used += resident.bytes;
    for (const [key, resident] of this.#residents) {
      if (used + bytes <= this.#options.budgetBytes) return;
      this.#residents.delete(key);
      used -= resident.bytes;
      await resident.kernels.destroy();
    }
  }
}
