/** A kernel runner made of the float64 references: what an application does with it is judged without any engine. */
import type { KernelRunner } from "@releve/kernels/kernel-runner";
import { renderReference } from "@releve/kernels/reference/render-reference";
import { resliceReference } from "@releve/kernels/reference/reslice-reference";

const engine = "reference";

const never = (): never => {
  throw new Error("the reference runner has no such operation");
};

export const referenceRunner: KernelRunner = {
  async *reslice(volume, planes, signal) {
    for (const plane of planes) {
      signal?.throwIfAborted();
      yield { values: Float32Array.from(resliceReference(volume, plane)), engine };
    }
  },
  async *render(volume, views, look, signal) {
    for (const view of views) {
      signal?.throwIfAborted();
      yield { rgba: renderReference(volume, view, look), engine };
    }
  },
  project: never,
  mapVoxels: never,
  reconstruct: never,
  close: async () => undefined,
};
