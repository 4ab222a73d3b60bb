/** An Enhanced CT of the phantom head: one object, all slices as frames, their order in it shuffled. */
import { ctPixels } from "./ct-phantom.ts";
import { decimalString } from "./decimal-string.ts";
import { part10, type DataSet, type PhantomFile } from "./part10.ts";
import { axial, evenOffsets, stackPlanes } from "./stack.ts";
import {
  instanceUid,
  orientation,
  pixelAttributes,
  spacing,
  studyAttributes,
  type SeriesIdentity,
} from "./study-attributes.ts";

const enhancedCtImageStorage = "1.2.840.10008.5.1.4.1.1.2.1";

export type EnhancedCt = {
  readonly study?: string;
  readonly slices?: number;
  /** Moments at each slice; Temporal Position Index tells them apart. */
  readonly timePoints?: number;
  /** Intercept of each frame by its time point: differs when the list says so. */
  readonly intercepts?: readonly number[];
};

/** 32 x 32, by default 5 slices and one time point. Enough for a reader of functional groups; not a complete object. */
export function enhancedCt({
  study = "one",
  slices = 5,
  timePoints = 1,
  intercepts = [],
}: EnhancedCt = {}): PhantomFile[] {
  const identity = { study, series: "enhanced-ct", seriesNumber: 5, description: "Phantom enhanced CT" };
  const planes = stackPlanes({
    columns: 32,
    rows: 32,
    columnSpacingMm: 7,
    rowSpacingMm: 7,
    sliceOffsetsMm: evenOffsets(slices, 20),
    thicknessMm: 20,
    orientation: axial,
    tiltDegrees: 0,
    centerLps: [0, 0, 10],
  });
  const frames = Array.from({ length: slices * timePoints }, (_, frame) => ({
    // Seven is coprime to any count of frames used here: every frame comes once, out of order.
    slice: Math.floor(((frame * 7) % (slices * timePoints)) / timePoints),
    time: ((frame * 7) % (slices * timePoints)) % timePoints,
  }));
  const pixels = new Uint16Array(32 * 32 * frames.length);
  for (const [at, { slice }] of frames.entries())
    pixels.set(
      ctPixels(planes[slice]!, () => 0),
      at * 32 * 32,
    );
  const dataSet = {
    ...commonAttributes(identity, frames.length),
    SharedFunctionalGroupsSequence: [
      {
        PlaneOrientationSequence: [{ ImageOrientationPatient: orientation(planes[0]!) }],
        PixelMeasuresSequence: [{ PixelSpacing: spacing(planes[0]!), SliceThickness: "20" }],
        CTImageFrameTypeSequence: [{ FrameType: ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"] }],
      },
    ],
    PerFrameFunctionalGroupsSequence: frames.map(({ slice, time }) => ({
      FrameContentSequence: [
        {
          StackID: "1",
          InStackPositionNumber: slice + 1,
          TemporalPositionIndex: time + 1,
        },
      ],
      PlanePositionSequence: [{ ImagePositionPatient: planes[slice]!.originLps.map(decimalString) }],
      PixelValueTransformationSequence: [
        { RescaleIntercept: String(intercepts[time] ?? -1024), RescaleSlope: "1", RescaleType: "HU" },
      ],
    })),
  };
  return [{ fileName: "enhanced-ct/0001.dcm", bytes: part10(dataSet, pixels) }];
}

function commonAttributes(identity: SeriesIdentity, frames: number): DataSet {
  return {
    ...studyAttributes(identity),
    SOPClassUID: enhancedCtImageStorage,
    SOPInstanceUID: instanceUid(identity, 0),
    InstanceNumber: 1,
    Modality: "CT",
    ImageType: ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
    NumberOfFrames: frames,
    ...pixelAttributes({ columns: 32, rows: 32 }, false, 12),
  };
}
