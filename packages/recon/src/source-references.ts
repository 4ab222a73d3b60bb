/** The objects that a result's volumes were read from, for the references that DICOM asks for. */
import type { SourceReference } from "@releve/dicom/derived/derivation-context";
import type { VolumePlan } from "@releve/domain/series-split";
import type { Vec3 } from "@releve/domain/vec3";
import { voxelToLps } from "@releve/domain/volume";

type Frame = { readonly frameNumber: number; readonly originLps: Vec3 };

/** A multi-frame object is one source however many of its frames the volumes use. A mosaic's tiles are one frame: no place. */
export function sourceReferences(plans: readonly VolumePlan[]): readonly SourceReference[] {
  const byUid = new Map<string, SourceReference & { readonly frames: Frame[] }>();
  for (const { seriesInstanceUid, slices, geometry, slicePositionsLps } of plans)
    for (const [index, { sopInstanceUid, sopClassUid, frameIndex, tile }] of slices.entries()) {
      const reference = byUid.get(sopInstanceUid) ?? {
        sopInstanceUid,
        sopClassUid,
        seriesInstanceUid,
        frames: [],
      };
      byUid.set(sopInstanceUid, reference);
      const originLps = slicePositionsLps?.[index] ?? voxelToLps(geometry, 0, 0, index);
      if (!tile) reference.frames.push({ frameNumber: frameIndex + 1, originLps });
    }
  return [...byUid.values()];
}
