/**
 * One series becomes volumes: its frames are grouped into grids, divided where a position holds several of them, and put in
 * order by geometry, never by Instance Number. What cannot be part of a volume is left out with a reason.
 *
 *   objects -> frames -> one per SOP Instance UID -> groups of one grid -> volumes -> geometry and findings
 */
import type { LeftOut, SeriesDecision, VolumePlan } from "@releve/domain/series-split";
import { compareValues, divideVolumes, type Division } from "./divide-volumes.ts";
import { dropRepeatedObjects } from "./repeated-objects.ts";
import { finding } from "./finding.ts";
import { groupFrames, type FrameGroup } from "./group-frames.ts";
import type { ImageFrame, ObjectSummary } from "./image-frame.ts";
import { nameSplits } from "./name-split.ts";
import { summarizeObject, type SeriesObject } from "./object-summary.ts";
import { dropStrayFrames } from "./stray-frames.ts";
import { resolveCopies } from "./resolve-copies.ts";
import { stackGeometry } from "./stack-geometry.ts";
import { volumeTimesSeconds } from "./volume-times.ts";

/** All objects of one series, complete with their pixels. Does not depend on their order but for repeated SOP Instance UIDs. */
export function splitSeries(objects: readonly SeriesObject[]): SeriesDecision {
  return splitSummaries(objects.map(summarizeObject));
}

/** As splitSeries, for a caller that lets go of each object once it is summarized. At least one summary. */
export function splitSummaries(summaries: readonly ObjectSummary[]): SeriesDecision {
  const first = summaries[0];
  if (!first) throw new RangeError("a series holds at least one object");
  const repeated = dropRepeatedObjects(summaries);
  const stray = dropStrayFrames(inPlaceOrder(repeated.kept.flatMap(({ frames }) => frames)));
  const pixelDigests = new Map(repeated.kept.map(({ digest, pixelDigest }) => [digest, pixelDigest]));
  const groups = groupFrames(stray.kept).map((group) => volumesOf(first, group, pixelDigests));
  return {
    seriesInstanceUid: first.seriesInstanceUid,
    modality: first.modality,
    objectCount: summaries.length,
    volumes: groups.flatMap(({ volumes }) => volumes),
    leftOut: oncePerObject([
      ...repeated.kept.flatMap(({ sopInstanceUid, leftOut }) =>
        leftOut.map((reason) => ({ sopInstanceUid, ...reason })),
      ),
      ...repeated.leftOut,
      ...stray.leftOut,
      ...groups.flatMap(({ leftOut }) => leftOut),
    ]),
  };
}

type Volumes = { readonly volumes: readonly VolumePlan[]; readonly leftOut: readonly LeftOut[] };

function volumesOf(
  series: ObjectSummary,
  group: FrameGroup,
  pixelDigests: ReadonlyMap<string, string | undefined>,
): Volumes {
  const resolved = divideVolumes(group.frames).map((division) => resolveCopies(division, pixelDigests));
  const volumes = resolved.flatMap(({ volume }) => (volume ? [volume] : []));
  const names = nameSplits(volumes.map(({ split }) => split));
  const times = volumeTimesSeconds(volumes.map(({ frames }) => frames));
  return {
    volumes: volumes.map((volume, index) => ({
      ...planOf(series, group, { ...volume, split: names[index]! }),
      ...(times && { timeSeconds: times[index]! }),
    })),
    leftOut: resolved.flatMap(({ leftOut }) => leftOut),
  };
}

function planOf(
  series: ObjectSummary,
  group: FrameGroup,
  { frames, split }: Extract<Division, { kind: "volume" }>,
): VolumePlan {
  const first = frames[0]!;
  const { geometry, regular, findings } = stackGeometry(frames);
  return {
    studyInstanceUid: series.studyInstanceUid,
    seriesInstanceUid: series.seriesInstanceUid,
    ...(first.frameOfReferenceUid === undefined ? {} : { frameOfReferenceUid: first.frameOfReferenceUid }),
    modality: series.modality,
    sopClassUid: first.source.sopClassUid,
    split: { ...group.split, ...split },
    imageType: first.imageType,
    geometry,
    regular,
    ...(regular ? {} : { slicePositionsLps: frames.map(({ plane }) => plane.originLps) }),
    slices: frames.map(({ source }) => source),
    findings: [...group.findings, ...findings, ...valueFindings(frames)],
  };
}

function valueFindings(frames: readonly ImageFrame[]) {
  return [
    ...(frames.some(({ monochrome1 }) => monochrome1)
      ? [finding("MONOCHROME1", "Its lowest value is meant to be shown white.")]
      : []),
    ...(frames[0]!.source.sopClassUid === ctImageStorage && !frames[0]!.rescaled
      ? [finding("RESCALE_ABSENT", "Nothing says how its stored values become Hounsfield units.")]
      : []),
  ];
}

const ctImageStorage = "1.2.840.10008.5.1.4.1.1.2";

/** So that nothing depends on the order in which objects arrived: along x, y and z, then by name. */
function inPlaceOrder(frames: readonly ImageFrame[]): ImageFrame[] {
  return frames.toSorted((a, b) => {
    const [ax, ay, az] = a.plane.originLps;
    const [bx, by, bz] = b.plane.originLps;
    return (
      az - bz ||
      ay - by ||
      ax - bx ||
      compareValues(a.source.sopInstanceUid, b.source.sopInstanceUid) ||
      a.source.frameIndex - b.source.frameIndex
    );
  });
}

/** An object with many frames is named once for each reason. */
function oncePerObject(leftOut: readonly LeftOut[]): LeftOut[] {
  const seen = new Set<string>();
  return leftOut.filter(({ sopInstanceUid, code, reason }) => {
    const key = `${sopInstanceUid} ${code} ${reason}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
