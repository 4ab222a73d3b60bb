/** What the splitting of a series needs to know of one frame, or one tile of a mosaic, once its object is out of memory. */
import type { SliceSource } from "@releve/domain/series-split";
import type { PlaneGeometry } from "@releve/domain/volume";
import type { SplitValues } from "./split-keys.ts";

export type ImageFrame = {
  readonly source: SliceSource;
  readonly plane: PlaneGeometry;
  readonly splitValues: SplitValues;
  readonly imageType: readonly string[];
  readonly frameOfReferenceUid: string | undefined;
  /** Rescale Type or Units: HU, BQML ... */
  readonly units: string | undefined;
  /** Whether slope and intercept are written; without them stored values are the values. */
  readonly rescaled: boolean;
  readonly monochrome1: boolean;
  readonly thicknessMm: number | undefined;
  readonly spacingBetweenSlicesMm: number | undefined;
  readonly tiltDegrees: number | undefined;
};

/** `pixelDigest`: of the encoded pixels, to tell a copy from another image at the same place. */
export type ObjectSummary = {
  readonly digest: string;
  readonly sopInstanceUid: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly modality: string;
  readonly pixelDigest: string | undefined;
  readonly frames: readonly ImageFrame[];
  /** Why the object, or some of its frames, cannot be part of a volume. */
  readonly leftOut: readonly { readonly code: string; readonly reason: string }[];
};
