/**
 * The hand-written SIMD engine (assembly/, AssemblyScript): reslice, project and render of volumes of stored 16-bit values, on
 * several threads over one shared memory.
 */
import { length } from "@releve/domain/vec3";
import type { Volume } from "@releve/domain/volume";
import { inOrder } from "../in-order.ts";
import type {
  KernelRunner,
  PlaneValues,
  Projection,
  RenderedView,
  RenderLook,
  RenderView,
} from "../kernel-runner.ts";
import { rayTask, resliceTask, type RayTask } from "../ray-task.ts";
import { reconstructSimd } from "../tomography/reconstruct-simd.ts";
import { bestBuild, compileBuild, type EngineBuild } from "./engine-module.ts";
import { fusePlane, fuseTask, type FusedLook, type FusedSlabs } from "./fuse-planes.ts";
import { planeCalls } from "./plane-calls.ts";
import { clipNumbers, requireRendering, viewCalls } from "./render-calls.ts";
import type { ResidentVolume } from "./resident-volume.ts";
import { ResidentVolumes, takeable } from "./resident-volumes.ts";
import { SimdPool } from "./simd-pool.ts";

export type SimdEngineOptions = {
  readonly threads: number;
  /** Memory for the volumes' copies, 2 bytes a voxel and their blocks. */
  readonly budgetBytes: number;
  /** The best that this runtime knows unless given. */
  readonly build?: EngineBuild;
};

export type SimdEngine = Pick<KernelRunner, "reslice" | "project" | "render" | "reconstruct" | "close"> & {
  /** `wasm-simd/relaxed` or `wasm-simd/plain`. */
  readonly engine: string;
  /** Whether it holds such a volume: stored 16-bit values, within the budget. */
  readonly takes: (volume: Volume) => boolean;
  /** Two volumes that it takes in one picture, `over` in colour upon `under` in grey; alpha is 255. */
  readonly fuse: (
    under: Volume,
    over: Volume,
    slabs: readonly FusedSlabs[],
    projection: Projection,
    look: FusedLook,
    signal?: AbortSignal,
  ) => AsyncIterable<RenderedView>;
};

/** @throws KernelComputeFault when it is not built, and KernelWorkerFault when no thread can start. */
export async function openSimdEngine(options: SimdEngineOptions): Promise<SimdEngine> {
  const build = options.build ?? bestBuild();
  const engine = `wasm-simd/${build}`;
  const threads = new SimdThreads(compileBuild(build), options);
  const planes = (volume: Volume, tasks: readonly RayTask[], signal?: AbortSignal) =>
    inOrder(tasks, (task) => threads.use(volume, (resident) => computePlane(resident, task, engine)), signal);
  return {
    engine,
    takes: (volume) => {
      const wanted = takeable(volume);
      return wanted !== undefined && wanted.plan.pixels <= options.budgetBytes;
    },
    reslice: (volume, wanted, signal) =>
      planes(
        volume,
        wanted.map((plane) => resliceTask(volume, plane)),
        signal,
      ),
    project: (volume, slabs, projection, signal) =>
      planes(
        volume,
        slabs.map((slab) => rayTask(volume, slab, projection)),
        signal,
      ),
    render: (volume, views, look, signal) => {
      for (const view of views) requireRendering(view, look);
      return inOrder(
        views,
        (view) => threads.use(volume, (resident) => computeView(resident, volume, view, look, engine)),
        signal,
      );
    },
    fuse: (under, over, slabs, projection, look, signal) =>
      inOrder(
        slabs.map((pair) => fuseTask(under, over, pair, projection, look)),
        (task) => threads.useBoth(under, over, (...both) => fusePlane(...both, task, look, engine)),
        signal,
      ),
    reconstruct: async (scan, grid, signal) => {
      const run = (pool: SimdPool) => reconstructSimd(pool, scan, grid, options.budgetBytes, signal);
      return { values: await threads.inTurn(run), engine };
    },
    close: () => threads.close(),
  };
}

/** The pool and what its threads hold; both new after threads were lost. One task at a time has all threads. */
class SimdThreads {
  readonly #module: WebAssembly.Module;
  readonly #options: SimdEngineOptions;
  #pool: SimdPool;
  #volumes: ResidentVolumes;
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(module: WebAssembly.Module, options: SimdEngineOptions) {
    this.#module = module;
    this.#options = options;
    this.#pool = new SimdPool(options.threads, { module });
    this.#volumes = new ResidentVolumes(this.#pool, options.budgetBytes);
  }

  use<Result>(volume: Volume, work: (resident: ResidentVolume) => Promise<Result>): Promise<Result> {
    return this.inTurn(async () => work(await this.#volumes.get(volume)));
  }

  useBoth<Result>(
    one: Volume,
    other: Volume,
    work: (one: ResidentVolume, other: ResidentVolume) => Promise<Result>,
  ): Promise<Result> {
    return this.inTurn(async () => work(...(await this.#volumes.getBoth(one, other))));
  }

  inTurn<Result>(work: (pool: SimdPool) => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(() => {
      if (this.#pool.lost && !this.#closed) this.#renew();
      return work(this.#pool);
    });
    this.#turn = result.catch(() => {});
    return result;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#pool.close();
  }

  #renew(): void {
    void this.#pool.close();
    this.#pool = new SimdPool(this.#options.threads, { module: this.#module });
    this.#volumes = new ResidentVolumes(this.#pool, this.#options.budgetBytes);
  }
}

async function computePlane(resident: ResidentVolume, task: RayTask, engine: string): Promise<PlaneValues> {
  const pixels = await resident.compute(task.columns * task.rows * 4, planeCalls(resident, task));
  return { values: new Float32Array(pixels), engine };
}

async function computeView(
  resident: ResidentVolume,
  volume: Volume,
  view: RenderView,
  look: RenderLook,
  engine: string,
): Promise<RenderedView> {
  const { plan, stored } = resident;
  await resident.prepareLook(look, length(view.stepLps));
  resident.setClips(clipNumbers(volume.geometry, look));
  const bytes = view.plane.columns * view.plane.rows * 4;
  const calls = viewCalls(plan, volume, stored.slope, view, look);
  return { rgba: new Uint8ClampedArray(await resident.compute(bytes, calls)), engine };
}
