/** Artery and vein of one analysis: found, or as a person marked them. */
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import type { GridGeometry } from "@releve/domain/volume";
import type { ComputeInput } from "../application.ts";
import { curvesAt, type Curves } from "./curves.ts";
import { averageOf, findAif, findVof, scaledToVein, type InputFunction } from "./input-function.ts";
import type { InputVoxels, PerfusionParameters } from "./parameters.ts";

export type Vessels = {
  /** Scaled to the vein's area, where there is a vein. Its `voxels` are indices in the grid, as the vein's are. */
  readonly aif: InputFunction;
  readonly vof: InputFunction | undefined;
  /** By which the artery's curve was multiplied. */
  readonly factor: number;
};

export async function readVessels(
  inputs: readonly ComputeInput[],
  curves: Curves,
  parameters: Pick<PerfusionParameters, "aif" | "vof">,
): Promise<Vessels | Refusal> {
  const artery = await vesselOf(inputs, curves, parameters.aif, () =>
    findAif(curves.steps, curves.axis.stepSeconds),
  );
  if (isRefusal(artery)) return artery;
  const area = artery?.curve.reduce((sum, value) => sum + value, 0) ?? 0;
  if (!artery || !(area > 0))
    return refusal("AIF_EMPTY", "No contrast agent passes through the artery's voxels.");
  const vein = await vesselOf(inputs, curves, parameters.vof, () => findVof(curves.steps, artery));
  if (isRefusal(vein)) return vein;
  if (!vein) return { aif: artery, vof: undefined, factor: 1 };
  return { ...scaledToVein(artery, vein), vof: vein };
}

async function vesselOf(
  inputs: readonly ComputeInput[],
  curves: Curves,
  wanted: InputVoxels,
  find: () => InputFunction | Refusal,
): Promise<InputFunction | Refusal | undefined> {
  if (wanted.kind === "none") return undefined;
  if (wanted.kind === "found") {
    const found = find();
    return isRefusal(found) ? found : { ...found, voxels: found.voxels.map((at) => curves.voxels[at]!) };
  }
  const indices = indicesOf(wanted.voxels, inputs[0]!.plan.geometry);
  if (isRefusal(indices)) return indices;
  const average = averageOf(await curvesAt(inputs, indices, curves), [...indices.keys()]);
  return { ...average, voxels: [...indices] };
}

function indicesOf(
  voxels: readonly (readonly [number, number, number])[],
  { columns, rows, slices }: GridGeometry,
): Int32Array | Refusal {
  const outside = voxels.find(([column, row, slice]) => column >= columns || row >= rows || slice >= slices);
  if (outside)
    return refusal(
      "VOXEL_OUTSIDE",
      `Voxel ${outside.join(", ")} lies outside of ${columns} x ${rows} x ${slices}.`,
    );
  return Int32Array.from(voxels, ([column, row, slice]) => (slice * rows + row) * columns + column);
}
