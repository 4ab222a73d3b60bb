/** A volume in the engine's own memory: its voxels, copied once, and what its blocks hold. */
import type { Volume } from "@releve/domain/volume";
import type { RenderLook } from "../kernel-runner.ts";
import { fillLookTables, type TableScale } from "./look-tables.ts";
import { createMemory, makeRoomForPixels, type MemoryPlan } from "./memory-plan.ts";
import { lookCall } from "./render-calls.ts";
import type { EngineCall, SimdOrder } from "./simd-protocol.ts";
import type { SimdPool } from "./simd-pool.ts";
import { noGaps, type StoredVolume } from "./stored-volume.ts";

export class ResidentVolume {
  readonly plan: MemoryPlan;
  readonly stored: StoredVolume;
  readonly #key: number;
  readonly #memory: WebAssembly.Memory;
  readonly #pool: SimdPool;
  /** Which look's tables and distances are there. */
  #look: string | undefined;

  private constructor(key: number, plan: MemoryPlan, stored: StoredVolume, pool: SimdPool) {
    this.#key = key;
    this.plan = plan;
    this.stored = stored;
    this.#pool = pool;
    this.#memory = createMemory(plan);
  }

  static async load(
    key: number,
    volume: Volume,
    plan: MemoryPlan,
    stored: StoredVolume,
    pool: SimdPool,
  ): Promise<ResidentVolume> {
    const resident = new ResidentVolume(key, plan, stored, pool);
    await pool.all({ kind: "attach", volume: key, memory: resident.#memory });
    await resident.#copyVoxels();
    await resident.#measureBlocks(volume);
    return resident;
  }

  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** Runs the calls on all threads, and copies the pixels out. */
  async compute(pixelBytes: number, calls: readonly EngineCall[]): Promise<ArrayBuffer> {
    makeRoomForPixels(this.#memory, this.plan, pixelBytes);
    await this.#claimed(calls);
    return new Uint8Array(this.#memory.buffer, this.plan.pixels, pixelBytes).slice().buffer;
  }

  /**
   * Runs `calls` on all threads, then `last`, with `inputs` behind the pixels, each with room for four pixels more; copies the
   * pixels out. `last` is told where the inputs lie.
   */
  async computeWith(
    pixelBytes: number,
    inputs: readonly Float32Array[],
    calls: readonly EngineCall[],
    last: (inputsAt: readonly number[]) => readonly EngineCall[],
  ): Promise<ArrayBuffer> {
    const room = (bytes: number) => Math.ceil(bytes / 16 + 1) * 16;
    const places: number[] = [];
    let end = this.plan.pixels + room(pixelBytes);
    for (const { byteLength } of inputs) {
      places.push(end);
      end += room(byteLength);
    }
    makeRoomForPixels(this.#memory, this.plan, end - this.plan.pixels);
    for (const [index, input] of inputs.entries())
      new Float32Array(this.#memory.buffer, places[index], input.length).set(input);
    await this.#claimed(calls);
    return this.compute(pixelBytes, last(places));
  }

  /** Tables and distances of a look: once for all the views that have it. */
  async prepareLook(look: RenderLook, stepMm: number): Promise<void> {
    const wanted = JSON.stringify([look, stepMm]);
    if (this.#look === wanted) return;
    this.#look = undefined;
    const scale: TableScale = fillLookTables(this.#memory, this.plan, this.stored, look, stepMm);
    const set: EngineCall[] = [lookCall(this.plan, look, scale), ["setDistances", this.plan.distances]];
    await this.#pool.all(this.#call(set));
    await this.#pool.one(this.#call([["measureDistances"]]));
    this.#look = wanted;
  }

  setClips(numbers: Float64Array): void {
    new Float64Array(this.#memory.buffer, this.plan.clips, numbers.length).set(numbers);
  }

  detach(): Promise<void> {
    return this.#pool.all({ kind: "detach", volume: this.#key });
  }

  async #copyVoxels(): Promise<void> {
    const { values, unsigned } = this.stored;
    const { plan } = this;
    const from = values.buffer;
    if (from instanceof SharedArrayBuffer)
      await this.#pool.all((thread) => {
        const [first, end] = this.#part(thread, values.byteLength);
        const fromBytes = values.byteOffset + first;
        return {
          kind: "copy",
          volume: this.#key,
          from,
          fromBytes,
          to: plan.voxels + first,
          bytes: end - first,
        };
      });
    else
      new Uint8Array(this.#memory.buffer).set(
        new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
        plan.voxels,
      );
    if (unsigned)
      await this.#pool.all((thread) => {
        const [first, end] = this.#part(thread, plan.voxelBytes);
        return this.#call([["makeSigned", plan.voxels + first, end - first]]);
      });
  }

  /** Each thread's share of bytes, by 64. */
  #part(thread: number, bytes: number): readonly [number, number] {
    const each = Math.ceil(bytes / this.#pool.threads / 64) * 64;
    return [Math.min(each * thread, bytes), Math.min(each * (thread + 1), bytes)];
  }

  async #measureBlocks(volume: Volume): Promise<void> {
    await this.#pool.all(this.#call([this.#volumeCall(volume, this.stored)]));
    await this.#claimed([["measureBlocks", this.plan.counter]]);
    await this.#pool.one(this.#call([["measureCoarseBlocks"]]));
    const flags = new Uint8Array(this.#memory.buffer, this.plan.gapFlags, this.plan.blocks);
    if (!flags.includes(1)) await this.#pool.all(this.#call([this.#volumeCall(volume, noGaps)]));
  }

  #volumeCall({ geometry }: Volume, gaps: { readonly gapLow: number; readonly gapHigh: number }): EngineCall {
    const { voxels, ranges, coarseRanges, gapFlags } = this.plan;
    const { columns, rows, slices } = geometry;
    return [
      "setVolume",
      voxels,
      columns,
      rows,
      slices,
      gaps.gapLow,
      gaps.gapHigh,
      ranges,
      coarseRanges,
      gapFlags,
    ];
  }

  /** Calls that share their work by the counter. */
  #claimed(calls: readonly EngineCall[]): Promise<void> {
    new Int32Array(this.#memory.buffer, this.plan.counter, 1)[0] = 0;
    return this.#pool.all(this.#call(calls));
  }

  #call(calls: readonly EngineCall[]): SimdOrder {
    return { kind: "call", volume: this.#key, calls };
  }
}
