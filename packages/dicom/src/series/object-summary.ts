/** One object as the splitting of its series sees it: frames with their planes and split values, without the pixels. */
import { createHash } from "node:crypto";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import type { DicomObject } from "../data-set/dicom-object.ts";
import { readRescale } from "../volume/rescale.ts";
import { frameNumber, functionalGroups, singleFrameGroups, type FrameGroups } from "./frame-groups.ts";
import type { ImageFrame, ObjectSummary } from "./image-frame.ts";
import { isMosaic, unfoldMosaic } from "./mosaic.ts";
import { readPlane } from "./read-plane.ts";
import { readSplitValues } from "./split-keys.ts";
import { frameCount, whyNoVolume } from "./why-no-volume.ts";

export type SeriesObject = { readonly digest: string; readonly object: DicomObject };

/** Never throws for what a file holds: every fault of it becomes a reason. Small, so that the file can be let go. */
export function summarizeObject({ digest, object }: SeriesObject): ObjectSummary {
  const found = framesOf(digest, object);
  return {
    digest,
    sopInstanceUid: object.sopInstanceUid,
    studyInstanceUid: object.studyInstanceUid,
    seriesInstanceUid: object.seriesInstanceUid,
    modality: object.attributes.string("Modality") ?? "",
    pixelDigest: pixelDigest(object),
    frames: found.filter((frame): frame is ImageFrame => !isRefusal(frame)),
    leftOut: reasonsOf(found.filter(isRefusal), found.length),
  };
}

function framesOf(digest: string, object: DicomObject): readonly (ImageFrame | Refusal)[] {
  const why = whyNoVolume(object);
  if (why) return [why];
  const root = object.attributes;
  const groups = functionalGroups(root);
  const count = frameCount(root);
  if (groups.length > 0) {
    if (groups.length !== count)
      return [refusal("BAD_FRAME_COUNT", `${count} frames have ${groups.length} functional groups.`)];
    return groups.map((group, frameIndex) => readFrame(digest, object, group, frameIndex));
  }
  if (count > 1) return [refusal("NO_GEOMETRY", `Nothing says where its ${count} frames lie.`)];
  const frame = readFrame(digest, object, singleFrameGroups(root), 0);
  if (isRefusal(frame) || !isMosaic(root)) return [frame];
  const tiles = unfoldMosaic(frame, root);
  return isRefusal(tiles) ? [tiles] : tiles;
}

function readFrame(
  digest: string,
  object: DicomObject,
  groups: FrameGroups,
  frameIndex: number,
): ImageFrame | Refusal {
  const { root } = groups;
  const plane = readPlane(groups, root.number("Columns")!, root.number("Rows")!);
  if (isRefusal(plane)) return plane;
  const transformation = groups.macro("PixelValueTransformationSequence");
  const rescale = readRescale(transformation) ?? readRescale(root);
  if (isRefusal(rescale)) return rescale;
  const imageType = imageTypeOf(groups);
  return {
    source: {
      digest,
      sopInstanceUid: object.sopInstanceUid,
      sopClassUid: object.sopClassUid,
      frameIndex,
    },
    plane,
    splitValues: readSplitValues(groups, imageType),
    imageType,
    frameOfReferenceUid: root.string("FrameOfReferenceUID"),
    units: root.string("Units") ?? transformation?.string("RescaleType") ?? root.string("RescaleType"),
    rescaled: rescale !== undefined,
    monochrome1: root.string("PhotometricInterpretation") === "MONOCHROME1",
    thicknessMm: frameNumber(groups, "PixelMeasuresSequence", "SliceThickness"),
    spacingBetweenSlicesMm: frameNumber(groups, "PixelMeasuresSequence", "SpacingBetweenSlices"),
    tiltDegrees: frameNumber(groups, "CTAcquisitionDetailsSequence", "GantryDetectorTilt"),
  };
}

function imageTypeOf(groups: FrameGroups): readonly string[] {
  const macros = ["MRImageFrameTypeSequence", "CTImageFrameTypeSequence", "PETFrameTypeSequence"];
  const frameType = groups.multiFrame
    ? macros
        .map((macro) => groups.macro(macro)?.strings("FrameType") ?? [])
        .find((values) => values.length > 0)
    : undefined;
  return frameType ?? groups.root.strings("ImageType");
}

/** Once for each code, with how many frames it concerns where that is not the whole object. */
function reasonsOf(refusals: readonly Refusal[], frames: number): ObjectSummary["leftOut"] {
  return [...Map.groupBy(refusals, ({ refused }) => refused)].map(([code, all]) => ({
    code,
    reason: frames > 1 ? `${all.length} of ${frames} frames: ${all[0]!.reason}` : all[0]!.reason,
  }));
}

function pixelDigest({ bytes, pixelData, transferSyntaxUid }: DicomObject): string | undefined {
  if (!pixelData) return undefined;
  const hash = createHash("sha256").update(transferSyntaxUid);
  const runs = pixelData.kind === "native" ? [pixelData] : pixelData.fragments;
  for (const { offset, length } of runs) hash.update(bytes.subarray(offset, offset + length));
  return hash.digest("hex");
}
