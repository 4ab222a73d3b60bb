/**
 * Derivation Image, PS3.3 C.7.6.16.2.6: from which images a frame was computed. Where every plane lies on a slice of the
 * source, each frame names its own; else every frame was computed from all, and that is said once for all of them.
 */
import { isUid } from "@releve/domain/ids";
import { length, subtract, type Vec3 } from "@releve/domain/vec3";
import type { SourceReference } from "../derivation-context.ts";
import type { CodedConcept } from "../derived-series.ts";
import { elementsOf, type Elements } from "../elements.ts";
import { codedElements } from "../modules/code-sequence.ts";
import { sourcePurpose } from "../source-images.ts";
import type { FramePlane } from "./parallel-planes.ts";

export type DerivationImages = { readonly shared: Elements; readonly ofPlane: readonly Elements[] };

/** Positions are written in the source with at least this accuracy, mm. */
const samePlaceMm = 0.02;

export function derivationImages(
  planes: readonly FramePlane[],
  sources: readonly SourceReference[],
  code: CodedConcept,
): DerivationImages {
  const valid = sources.filter((source) => isUid(source.sopInstanceUid) && isUid(source.sopClassUid));
  const none = planes.map(() => elementsOf({}));
  if (valid.length === 0) return { shared: elementsOf({}), ofPlane: none };
  const index = byPlace(valid);
  const own = planes.map(({ geometry }) => referencesAt(geometry.originLps, index));
  if (own.every((items) => items.length > 0))
    return { shared: elementsOf({}), ofPlane: own.map((items) => derivation(items, code)) };
  return {
    shared: derivation(
      valid.map((source) => reference(source, "NO")),
      code,
    ),
    ofPlane: none,
  };
}

type Placed = { readonly source: SourceReference; readonly frameNumber: number; readonly originLps: Vec3 };

/** By height, so that a plane looks at few slices. */
function byPlace(sources: readonly SourceReference[]): ReadonlyMap<number, readonly Placed[]> {
  const index = new Map<number, Placed[]>();
  for (const source of sources)
    for (const { frameNumber, originLps } of source.frames ?? []) {
      const cell = cellOf(originLps);
      const placed = index.get(cell) ?? [];
      index.set(cell, placed);
      placed.push({ source, frameNumber, originLps });
    }
  return index;
}

const cellMm = 1;
const cellOf = ([x, y, z]: Vec3) => Math.floor((x + y + z) / cellMm);

function referencesAt(originLps: Vec3, index: ReadonlyMap<number, readonly Placed[]>): readonly Elements[] {
  const cell = cellOf(originLps);
  return [cell - 1, cell, cell + 1]
    .flatMap((near) => index.get(near) ?? [])
    .filter((placed) => length(subtract(placed.originLps, originLps)) < samePlaceMm)
    .map(({ source, frameNumber }) =>
      reference(source, "YES", (source.frames?.length ?? 0) > 1 ? frameNumber : undefined),
    );
}

function reference(source: SourceReference, preserved: "YES" | "NO", frameNumber?: number): Elements {
  return elementsOf({
    ReferencedSOPClassUID: source.sopClassUid,
    ReferencedSOPInstanceUID: source.sopInstanceUid,
    ReferencedFrameNumber: frameNumber === undefined ? undefined : String(frameNumber),
    PurposeOfReferenceCodeSequence: [sourcePurpose],
    SpatialLocationsPreserved: preserved,
  });
}

function derivation(images: readonly Elements[], code: CodedConcept): Elements {
  return elementsOf({
    DerivationImageSequence: [
      elementsOf({ SourceImageSequence: images, DerivationCodeSequence: [codedElements(code)] }),
    ],
  });
}
