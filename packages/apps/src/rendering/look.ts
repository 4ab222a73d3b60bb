/** From the parameters to what the kernels draw. Pure. */
import { length, scale, type Vec3 } from "@releve/domain/vec3";
import type { RenderLook } from "@releve/kernels/kernel-runner";
import type { RenderingParameters } from "./parameters.ts";
import { presets } from "./presets.ts";

/** Enough light from everywhere to see into hollows; a shine that shows the form and covers no colour. */
const shaded = { ambient: 0.25, diffuse: 0.7, specular: 0.2, shininess: 20 };
const unshaded = { ambient: 1, diffuse: 0, specular: 0, shininess: 1 };

export function renderLook({ look, shaded: isShaded, clip }: RenderingParameters): RenderLook {
  return {
    points: pointsOf(look),
    ...(isShaded ? shaded : unshaded),
    backgroundRgb: [0, 0, 0],
    clip: [...boxPlanes(clip?.box), ...(clip?.planes ?? []).map(unitPlane)],
  };
}

function pointsOf(look: RenderingParameters["look"]): RenderLook["points"] {
  switch (look.kind) {
    case "preset":
      return presets[look.preset];
    case "points":
      return look.points;
    case "window":
      return windowPoints(look);
  }
}

/** Dark to bright: what is bright in a slice with this window is bright here, and opaque. */
const palettes: Readonly<Record<"gray" | "warm", readonly [Vec3, Vec3, Vec3]>> = {
  gray: [
    [0.1, 0.1, 0.1],
    [0.55, 0.55, 0.55],
    [1, 1, 1],
  ],
  warm: [
    [0.25, 0, 0],
    [0.9, 0.4, 0],
    [1, 1, 0.8],
  ],
};

type Window = Extract<RenderingParameters["look"], { kind: "window" }>;

function windowPoints({ center, width, palette, opacityPerMm }: Window): RenderLook["points"] {
  const [dark, middle, bright] = palettes[palette];
  return [
    { value: center - width / 2, rgb: dark, opacityPerMm: 0 },
    { value: center, rgb: middle, opacityPerMm: opacityPerMm / 2 },
    { value: center + width / 2, rgb: bright, opacityPerMm },
  ];
}

type Plane = RenderLook["clip"][number];

/** What lies beyond any of its six faces is cut away. */
function boxPlanes(box: { readonly lowLps: Vec3; readonly highLps: Vec3 } | undefined): readonly Plane[] {
  if (!box) return [];
  const axes: readonly Vec3[] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  return axes.flatMap((normalLps, axis) => [
    { normalLps, offsetMm: box.highLps[axis]! },
    { normalLps: scale(normalLps, -1), offsetMm: -box.lowLps[axis]! },
  ]);
}

const unitPlane = ({ normalLps, offsetMm }: Plane): Plane => ({
  normalLps: scale(normalLps, 1 / length(normalLps)),
  offsetMm,
});
