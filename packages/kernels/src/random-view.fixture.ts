/** Random views of random grids, with looks and cuts, which the engines' tests share. */
import * as fc from "fast-check";
import { add, dot, normalize, scale, type Vec3 } from "@releve/domain/vec3";
import { voxelToLps, type Volume } from "@releve/domain/volume";
import type { RenderLook, RenderView } from "./kernel-runner.ts";
import { buildCase, onTheEdge, randomCase } from "./random-case.fixture.ts";
import type { Slab } from "./ray-task.ts";
import { pixelLps } from "./reference/reslice-reference.ts";

export const look: RenderLook = {
  points: [
    { value: -4000, rgb: [1, 0.2, 0], opacityPerMm: 0 },
    { value: -1500, rgb: [0.9, 0.8, 0.1], opacityPerMm: 0.2 },
    { value: 1000, rgb: [0.2, 1, 0.7], opacityPerMm: 3 },
    { value: 4000, rgb: [0, 0.1, 1], opacityPerMm: 1 },
  ],
  ambient: 0.2,
  diffuse: 0.7,
  specular: 0.3,
  shininess: 12,
  backgroundRgb: [0.1, 0.2, 0.4],
  clip: [],
};

/** The SIMD engine's, in levels of 255: assembly/README.md says what makes it up. */
const simdToleranceLevels = 3;

export const randomView = randomCase.chain((given) =>
  fc.record({
    given: fc.constant(given),
    clipped: fc.integer({ min: 0, max: 2 }),
    lit: fc.boolean(),
    tilt: fc.tuple(...Array.from({ length: 3 }, () => fc.double({ min: -1, max: 1, noNaN: true }))),
  }),
);

type RandomView = typeof randomView extends fc.Arbitrary<infer T> ? T : never;

export function buildView({ given, clipped, lit, tilt }: RandomView, slices?: number) {
  const { volume, slab } = buildCase(given, slices);
  const half = (given.steps - 1) / 2;
  const plane = { ...slab.plane, originLps: add(slab.plane.originLps, scale(slab.stepLps, -half)) };
  const centre = voxelToLps(volume.geometry, 2.1, 1.6, 2.7);
  const normal = normalize([tilt[0]! + 0.01, tilt[1]!, tilt[2]! + 1.5] as Vec3);
  const planes = [normal, scale(normal, -1)].map((normalLps, index) => ({
    normalLps,
    offsetMm: dot(normalLps, centre) + 0.2 + index * 0.3,
  }));
  const shaded = lit ? look : { ...look, ambient: 1, diffuse: 0, specular: 0 };
  const view: RenderView = { plane, stepLps: slab.stepLps, steps: slab.steps };
  return { volume, slab, view, look: { ...shaded, clip: planes.slice(0, clipped) } satisfies RenderLook };
}

function onAPlane(view: RenderView, { clip }: RenderLook, column: number, row: number): boolean {
  const start = pixelLps(view.plane, column, row);
  const points = Array.from({ length: view.steps }, (_, step) => add(start, scale(view.stepLps, step)));
  return clip.some(({ normalLps, offsetMm }) =>
    points.some((point) => Math.abs(dot(normalLps, point) - offsetMm) < 1e-3),
  );
}

/** What differs from the float64 reference by more than the tolerance, but for decisions that float32 may take otherwise. */
export function wrongLevels(
  rgba: Uint8ClampedArray,
  expected: Uint8ClampedArray,
  built: {
    readonly volume: Volume;
    readonly slab: Slab;
    readonly view: RenderView;
    readonly look: RenderLook;
  },
  toleranceLevels = simdToleranceLevels,
): string[] {
  const { volume, slab, view, look: like } = built;
  return [...expected].flatMap((want, index) => {
    if (Math.abs(rgba[index]! - want) <= toleranceLevels) return [];
    const column = Math.floor(index / 4) % view.plane.columns;
    const row = Math.floor(index / 4 / view.plane.columns);
    if (onTheEdge(volume.geometry, slab, column, row) || onAPlane(view, like, column, row)) return [];
    return [`${column},${row},${index % 4}: ${rgba[index]}, not ${want}`];
  });
}
