/** What else lies in a study and is no volume: a localizer and a secondary capture. */
import { ctAttributes, ctImageStorage, ctPixels } from "./ct-phantom.ts";
import { imageSeries } from "./image-series.ts";
import { part10, type PhantomFile } from "./part10.ts";
import { coronal, sagittal, stackPlanes, type Orientation } from "./stack.ts";
import { instanceUid, pixelAttributes, studyAttributes } from "./study-attributes.ts";

const secondaryCaptureStorage = "1.2.840.10008.5.1.4.1.1.7";

/** A frontal and a lateral scout in one series: two orientations, one image each. */
export function localizer(study: string, seriesNumber = 1): PhantomFile[] {
  return imageSeries({
    identity: { study, series: "localizer", seriesNumber, description: "Phantom localizer" },
    sopClassUid: ctImageStorage,
    thicknessMm: 1,
    bitsStored: 12,
    attributes: { ...ctAttributes(0), ImageType: ["ORIGINAL", "PRIMARY", "LOCALIZER"] },
    images: [coronal, sagittal].map((orientation) => {
      const plane = scoutPlane(orientation);
      return { plane, pixels: ctPixels(plane, () => 0) };
    }),
  });
}

function scoutPlane(orientation: Orientation) {
  return stackPlanes({
    columns: 128,
    rows: 128,
    columnSpacingMm: 2,
    rowSpacingMm: 2,
    sliceOffsetsMm: [0],
    thicknessMm: 1,
    orientation,
    tiltDegrees: 0,
    centerLps: [0, 0, 0],
  })[0]!;
}

/** A grey card, as a dose report or a screenshot would be. */
export function secondaryCapture(study: string, seriesNumber = 9): PhantomFile[] {
  const identity = { study, series: "capture", seriesNumber, description: "Phantom capture" };
  const size = { columns: 64, rows: 48 };
  const pixels = Uint16Array.from({ length: 64 * 48 }, (_, index) => (index % 64) * 32);
  const {
    FrameOfReferenceUID: _frame,
    PositionReferenceIndicator: _reference,
    ...rest
  } = studyAttributes(identity);
  const dataSet = {
    ...rest,
    ImageType: ["DERIVED", "SECONDARY"],
    SOPClassUID: secondaryCaptureStorage,
    SOPInstanceUID: instanceUid(identity, 0),
    Modality: "CT",
    ConversionType: "WSD",
    InstanceNumber: 1,
    PatientOrientation: "",
    BurnedInAnnotation: "NO",
    ...pixelAttributes(size, false, 12),
  };
  return [{ fileName: "capture/0001.dcm", bytes: part10(dataSet, pixels) }];
}
