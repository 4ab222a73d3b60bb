/** The self-tests of the kernels that every runner has, against the float64 references. */
import { add, dot, scale } from "@releve/domain/vec3";
import { voxelToLps } from "@releve/domain/volume";
import type { KernelRunner, Projection, RenderLook, RenderView } from "../kernel-runner.ts";
import { projectReference } from "../reference/project-reference.ts";
import { renderReference } from "../reference/render-reference.ts";
import { resliceReference } from "../reference/reslice-reference.ts";
import { knownLook, knownPlane, knownSteps, knownStepLps, knownVolume } from "./known-object.ts";
import { worstDifference, type BuiltInKernel, type SelfTest } from "./self-test.ts";

/** Real-world units: the object changes by 400 from voxel to voxel at most, float32 and snapping move a sample by 3e-4. */
const valueTolerance = 0.25;

/** Levels of 255: rounding, and a ray's early end, of a level each at most. */
const levelTolerance = 2;

/** In this order; what is computed for them is small, and the known answers are computed as they run. */
export function builtInSelfTests(): readonly (SelfTest & { readonly kernel: BuiltInKernel })[] {
  const volume = knownVolume();
  const plane = knownPlane();
  const slab = { plane, stepLps: knownStepLps, steps: knownSteps };
  const project = (projection: Projection) => ({
    kernel: `project-${projection}` as const,
    tolerance: valueTolerance,
    run: async (runner: KernelRunner) => {
      const { values, engine } = await first(runner.project(volume, [slab], projection));
      return { worst: worstDifference(values, projectReference(volume, slab, projection)), engine };
    },
  });
  return [
    {
      kernel: "reslice",
      tolerance: valueTolerance,
      run: async (runner) => {
        const { values, engine } = await first(runner.reslice(volume, [plane]));
        return { worst: worstDifference(values, resliceReference(volume, plane)), engine };
      },
    },
    project("max"),
    project("min"),
    project("mean"),
    {
      kernel: "render",
      tolerance: levelTolerance,
      run: async (runner) => {
        const { rgba, engine } = await first(runner.render(volume, [knownView()], cutLook()));
        return { worst: worstDifference(rgba, renderReference(volume, knownView(), cutLook())), engine };
      },
    },
  ];
}

/** From half the rays' length before the plane on. */
function knownView(): RenderView {
  const plane = knownPlane();
  const back = scale(knownStepLps, -(knownSteps - 1) / 2);
  return {
    plane: { ...plane, originLps: add(plane.originLps, back) },
    stepLps: knownStepLps,
    steps: knownSteps,
  };
}

/** A plane cuts the object's far side off. */
function cutLook(): RenderLook {
  const at = voxelToLps(knownVolume().geometry, 15.3, 12.7, 10.1);
  const clip = knownLook.clip.map(({ normalLps }) => ({ normalLps, offsetMm: dot(normalLps, at) }));
  return { ...knownLook, clip };
}

async function first<T>(results: AsyncIterable<T>): Promise<T> {
  for await (const result of results) return result;
  throw new Error("the runner gave no result");
}
