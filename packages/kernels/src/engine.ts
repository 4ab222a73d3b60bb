/** The engines of gpu.js, and a kernel that one of them has built. */
import type { Input } from "gpu.js";

export type EngineName = "cpu" | "webasm" | "webgpu";

export type EngineOptions = {
  readonly engine: EngineName;
  readonly threads: number;
  readonly budgetBytes: number;
  /** What one array may take where that is less than the budget: a GPU's largest. */
  readonly volumeBytesMax?: number;
};

/** A built kernel: takes numbers and tables in the order of its function's parameters, gives one array per row of its output. */
export type BuiltKernel = ((...args: (number | Input)[]) => Float32Array[] | Promise<Float32Array[]>) & {
  readonly kernel: { readonly constructor: unknown; readonly fallbackReason?: string | null };
};

/** What really computed, once the kernel has run: gpu.js can fall back with only a warning on the console. */
export function engineOf(kernel: BuiltKernel, wanted: EngineName): string {
  const { mode } = kernel.kernel.constructor as { mode: string };
  if (mode === wanted) return `gpu.js/${mode}`;
  return `gpu.js/${mode} (fallback from ${wanted}: ${kernel.kernel.fallbackReason ?? "no reason given"})`;
}
