/** Colour and opacity of one value in a look. */
import type { Vec3 } from "@releve/domain/vec3";
import type { RenderLook } from "./kernel-runner.ts";

export type Appearance = { readonly rgb: Vec3; readonly opacityPerMm: number };

/** Linear between the points, constant before the first and after the last. `value` in real-world units. */
export function lookAt({ points }: RenderLook, value: number): Appearance {
  const next = points.findIndex((point) => point.value > value);
  if (next === 0) return points[0]!;
  if (next < 0) return points.at(-1)!;
  const [before, after] = [points[next - 1]!, points[next]!];
  const part = (value - before.value) / (after.value - before.value);
  const mix = (from: number, to: number) => from + (to - from) * part;
  return {
    rgb: [
      mix(before.rgb[0], after.rgb[0]),
      mix(before.rgb[1], after.rgb[1]),
      mix(before.rgb[2], after.rgb[2]),
    ],
    opacityPerMm: mix(before.opacityPerMm, after.opacityPerMm),
  };
}
