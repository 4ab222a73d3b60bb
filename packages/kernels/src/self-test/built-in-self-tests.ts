/** The self-tests of the kernels that every runner has, against the float64 references. */
import { add, dot, scale } from "@releve/domain/vec3";
import { voxelToLps, type Volume } from "@releve/domain/volume";
import type { KernelRunner, Projection, RenderLook, RenderView } from "../kernel-runner.ts";
import { projectReference } from "../reference/project-reference.ts";
import { renderReference } from "../reference/render-reference.ts";
import { resliceReference } from "../reference/reslice-reference.ts";
import { knownLook, knownPlane, knownSteps, knownStepLps, knownVolumes } from "./known-object.ts";
import { tomographySelfTests } from "../tomography/tomography-self-tests.ts";
import { worstDifference, type BuiltInKernel, type SelfTest } from "./self-test.ts";

/** Real-world units: the object changes by 400 from voxel to voxel at most, float32 and snapping move a sample by 3e-4. */
const valueTolerance = 0.25;

/** Levels of 255: rounding, and a ray's early end, of a level each at most. */
const levelTolerance = 2;

/** In this order; what is computed for them is small, and the known answers are computed as they run. */
export function builtInSelfTests(): readonly (SelfTest & { readonly kernel: BuiltInKernel })[] {
  const volumes = knownVolumes();
  const plane = knownPlane();
  const slab = { plane, stepLps: knownStepLps, steps: knownSteps };
  const project = (projection: Projection) => ({
    kernel: `project-${projection}` as const,
    tolerance: valueTolerance,
    run: (runner: KernelRunner) =>
      compare(projectReference(volumes[0], slab, projection), volumes, (volume) =>
        first(runner.project(volume, [slab], projection)),
      ),
  });
  return [
    {
      kernel: "reslice",
      tolerance: valueTolerance,
      run: (runner) =>
        compare(resliceReference(volumes[0], plane), volumes, (volume) =>
          first(runner.reslice(volume, [plane])),
        ),
    },
    project("max"),
    project("min"),
    project("mean"),
    {
      kernel: "render",
      tolerance: levelTolerance,
      run: (runner) =>
        compare(renderReference(volumes[0], knownView(), cutLook()), volumes, async (volume) => {
          const { rgba, engine } = await first(runner.render(volume, [knownView()], cutLook()));
          return { values: rgba, engine };
        }),
    },
    ...tomographySelfTests,
  ];
}

type Computed = { readonly values: ArrayLike<number>; readonly engine: string };

/** Every volume has the same answer; the engines that gave it are named once each. */
async function compare(
  wanted: ArrayLike<number>,
  volumes: readonly Volume[],
  compute: (volume: Volume) => Promise<Computed>,
): Promise<{ readonly worst: number; readonly engine: string }> {
  const engines = new Set<string>();
  let worst = 0;
  for (const volume of volumes) {
    const { values, engine } = await compute(volume);
    worst = Math.max(worst, worstDifference(values, wanted));
    engines.add(engine);
  }
  return { worst, engine: [...engines].join(", ") };
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
  const at = voxelToLps(knownVolumes()[0].geometry, 15.3, 12.7, 10.1);
  const clip = knownLook.clip.map(({ normalLps }) => ({ normalLps, offsetMm: dot(normalLps, at) }));
  return { ...knownLook, clip };
}

async function first<T>(results: AsyncIterable<T>): Promise<T> {
  for await (const result of results) return result;
  throw new Error("the runner gave no result");
}
