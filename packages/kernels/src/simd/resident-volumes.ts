/** The volumes in the engine's memory, least recently used out first, within a budget. */
import type { Volume } from "@releve/domain/volume";
import { VolumeTooLargeFault } from "../faults.ts";
import { planMemory, type MemoryPlan } from "./memory-plan.ts";
import { ResidentVolume } from "./resident-volume.ts";
import type { SimdPool } from "./simd-pool.ts";
import { storedVolume, type StoredVolume } from "./stored-volume.ts";

export class ResidentVolumes {
  readonly #pool: SimdPool;
  readonly #budgetBytes: number;
  /** In the order of use. */
  readonly #residents = new Map<number, ResidentVolume>();
  readonly #keys = new WeakMap<Volume, number>();
  /** What nobody can ask for any more needs no memory. */
  readonly #forgotten = new FinalizationRegistry<number>((key) => this.#drop(key));
  #nextKey = 1;

  constructor(pool: SimdPool, budgetBytes: number) {
    this.#pool = pool;
    this.#budgetBytes = budgetBytes;
  }

  /** @throws VolumeTooLargeFault, and what the pool throws. */
  async get(volume: Volume): Promise<ResidentVolume> {
    const key = this.#keyOf(volume);
    const resident = this.#residents.get(key) ?? (await this.#load(key, volume));
    this.#residents.delete(key);
    this.#residents.set(key, resident);
    return resident;
  }

  /** Both at once. @throws VolumeTooLargeFault where the budget holds one of them alone, and as `get`. */
  async getBoth(one: Volume, other: Volume): Promise<readonly [ResidentVolume, ResidentVolume]> {
    const both = [await this.get(one), await this.get(other)] as const;
    if (!this.#residents.has(this.#keyOf(one)))
      throw new VolumeTooLargeFault(both[0].bytes + both[1].bytes, this.#budgetBytes);
    return both;
  }

  #keyOf(volume: Volume): number {
    const before = this.#keys.get(volume);
    if (before !== undefined) return before;
    const key = this.#nextKey++;
    this.#keys.set(volume, key);
    this.#forgotten.register(volume, key);
    return key;
  }

  async #load(key: number, volume: Volume): Promise<ResidentVolume> {
    const wanted = takeable(volume);
    if (!wanted || wanted.plan.pixels > this.#budgetBytes)
      throw new VolumeTooLargeFault(wanted?.plan.pixels ?? 2 ** 32, this.#budgetBytes);
    this.#makeRoom(wanted.plan.pixels);
    return ResidentVolume.load(key, volume, wanted.plan, wanted.stored, this.#pool);
  }

  #makeRoom(bytes: number): void {
    let used = 0;
    for (const resident of this.#residents.values()) used += resident.bytes;
    for (const [key, resident] of this.#residents) {
      if (used + bytes <= this.#budgetBytes) return;
      used -= resident.bytes;
      this.#drop(key);
    }
  }

  #drop(key: number): void {
    const resident = this.#residents.get(key);
    this.#residents.delete(key);
    // Threads that are lost hold nothing.
    resident?.detach().catch(() => {});
  }
}

/** How a volume would lie in memory; undefined where the engine has no way to hold it. */
export function takeable(
  volume: Volume,
): { readonly stored: StoredVolume; readonly plan: MemoryPlan } | undefined {
  const { columns, rows, slices } = volume.geometry;
  const stored = storedVolume(volume);
  const plan = planMemory(columns, rows, slices);
  return stored && plan && { stored, plan };
}
