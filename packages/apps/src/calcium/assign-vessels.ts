/** Which vessel each lesion belongs to, by the reader's labels. Nobody guesses: what has no label stays unassigned. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import { length, subtract, type Vec3 } from "@releve/domain/vec3";
import { voxelToLps, type GridGeometry } from "@releve/domain/volume";
import { labelComponents } from "../regions/label-components.ts";
import type { Lesion } from "./lesions.ts";
import type { Vessel, VesselLabel } from "./parameters.ts";

/** A point placed by hand may miss the plaque by so much. */
const reachMm = 2;

/**
 * Per lesion, in their order; undefined: no label names it.
 * @returns refused with LABEL_WITHOUT_LESION for a label that names nothing: it was placed by mistake, or on another volume
 */
export function assignVessels(
  lesions: readonly Lesion[],
  grid: GridGeometry,
  labels: readonly VesselLabel[],
): readonly (Vessel | undefined)[] | Refusal {
  const vessels = Array.from<Vessel | undefined>({ length: lesions.length });
  if (labels.length === 0) return vessels;
  const plaques = plaqueNumbers(lesions, grid);
  for (const [index, label] of labels.entries()) {
    const named = namedBy(label, lesions, grid, plaques);
    if (named.length === 0)
      return refusal(
        "LABEL_WITHOUT_LESION",
        `Label ${index + 1} (${label.vessel}) lies on no lesion of at least 130 HU and 1 mm2.`,
      );
    for (const lesion of named) vessels[lesion] = label.vessel;
  }
  return vessels;
}

function namedBy(
  label: VesselLabel,
  lesions: readonly Lesion[],
  grid: GridGeometry,
  plaques: readonly number[],
): readonly number[] {
  if (label.kind === "box")
    return lesions.flatMap(({ centerLps }, index) => (inBox(centerLps, label) ? [index] : []));
  const nearest = nearestLesion(lesions, grid, label.pointLps);
  return plaques.flatMap((plaque, index) =>
    nearest !== undefined && plaque === plaques[nearest] ? [index] : [],
  );
}

const inBox = (point: Vec3, { lowLps, highLps }: Extract<VesselLabel, { kind: "box" }>): boolean =>
  point.every((coordinate, axis) => coordinate >= lowLps[axis]! && coordinate <= highLps[axis]!);

function nearestLesion(lesions: readonly Lesion[], grid: GridGeometry, point: Vec3): number | undefined {
  const { columns, rows } = grid;
  let nearest: number | undefined;
  let leastMm = reachMm;
  for (const [index, { slice, voxels }] of lesions.entries())
    for (const voxel of voxels) {
      const center = voxelToLps(grid, voxel % columns, Math.floor(voxel / columns) % rows, slice);
      const distanceMm = length(subtract(center, point));
      if (distanceMm > leastMm) continue;
      leastMm = distanceMm;
      nearest = index;
    }
  return nearest;
}

/** Lesions with the same number touch, from slice to slice too, over faces, edges or corners. */
function plaqueNumbers(lesions: readonly Lesion[], grid: GridGeometry): readonly number[] {
  const mask = new Uint8Array(grid.columns * grid.rows * grid.slices);
  for (const { voxels } of lesions) for (const voxel of voxels) mask[voxel] = 1;
  const { labels } = labelComponents(mask, [grid.columns, grid.rows, grid.slices], 26);
  return lesions.map(({ voxels }) => labels[voxels[0]!]!);
}
