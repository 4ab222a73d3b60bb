/**
 * A PET and a CT as files, whose SUV is known: two beds, taken one after the other and decay corrected to Series Time, a slope of
 * its own in each slice, 70 kg, 100 MBq injected one half life before.
 */
import { imageSeries } from "@releve/testkit/phantom/image-series";
import type { DataSet, PhantomFile } from "@releve/testkit/phantom/part10";
import { axial, evenOffsets, stackPlanes, type Stack } from "@releve/testkit/phantom/stack";

const stack: Stack = {
  columns: 24,
  rows: 20,
  columnSpacingMm: 4,
  rowSpacingMm: 4,
  sliceOffsetsMm: evenOffsets(10, 4),
  thicknessMm: 4,
  orientation: axial,
  tiltDegrees: 0,
  centerLps: [0, 0, 0],
};

/** SUVbw of a voxel: 1, and 8 in a block of 4 x 4 x 3 voxels. */
export function knownSuv(column: number, row: number, slice: number): number {
  const inside = column >= 10 && column < 14 && row >= 8 && row < 12 && slice >= 4 && slice < 7;
  return inside ? 8 : 1;
}
export const hotVoxels = 48;

/** Bq/ml at SUVbw 1. */
const unitBqMl = 100e6 / 2 / 70_000;

const injection = {
  Radiopharmaceutical: "Fluorodeoxyglucose",
  RadiopharmaceuticalStartTime: "061010",
  RadionuclideTotalDose: "100000000",
  RadionuclideHalfLife: "7190",
  RadionuclidePositronFraction: "0.97",
  RadionuclideCodeSequence: [
    { CodeValue: "77004003", CodingSchemeDesignator: "SCT", CodeMeaning: "^18^Fluorine" },
  ],
};

const petAttributes = {
  Modality: "PT",
  ImageType: ["ORIGINAL", "PRIMARY"],
  SeriesTime: "081000",
  PatientWeight: "70",
  PatientSize: "1.75",
  PatientSex: "M",
  Units: "BQML",
  CountsSource: "EMISSION",
  SeriesType: ["WHOLE BODY", "IMAGE"],
  NumberOfSlices: 10,
  CorrectedImage: ["DECY", "ATTN", "SCAT", "DTIM", "RAN", "NORM"],
  DecayCorrection: "START",
  CollimatorType: "NONE",
  ActualFrameDuration: 180_000,
  FrameReferenceTime: "0",
  RadiopharmaceuticalInformationSequence: [injection],
  PatientOrientationCodeSequence: [
    { CodeValue: "102538003", CodingSchemeDesignator: "SCT", CodeMeaning: "recumbent" },
  ],
  PatientGantryRelationshipCodeSequence: [
    { CodeValue: "102540008", CodingSchemeDesignator: "SCT", CodeMeaning: "headfirst" },
  ],
};

/** Stored values are 16 bits: SUV 8 is exact to 8/30000. `changes` go over the series' attributes. */
export function petFiles(changes: DataSet = {}): PhantomFile[] {
  return imageSeries({
    identity: { study: "petct", series: "pet", seriesNumber: 3, description: "PET phantom" },
    sopClassUid: "1.2.840.10008.5.1.4.1.1.128",
    thicknessMm: stack.thicknessMm,
    attributes: { ...petAttributes, ...changes },
    images: stackPlanes(stack).map((plane, slice) => {
      const slope = Number(((8 * unitBqMl * (1 + slice / 20)) / 30_000).toPrecision(8));
      const isLaterBed = slice < 5;
      return {
        plane,
        pixels: Int16Array.from({ length: plane.columns * plane.rows }, (_, at) =>
          Math.round(
            (knownSuv(at % plane.columns, Math.floor(at / plane.columns), slice) * unitBqMl) / slope,
          ),
        ),
        attributes: {
          RescaleSlope: String(slope),
          RescaleIntercept: "0",
          AcquisitionTime: isLaterBed ? "081500" : "081000",
          // Five minutes of 7,190 s, and the decay within three.
          DecayFactor: isLaterBed ? "1.03830" : "1.00870",
          ImageIndex: slice + 1,
        },
      };
    }),
  });
}

/** Of the same study and frame of reference, finer; a ramp in HU. */
export function ctFiles(): PhantomFile[] {
  const fine = {
    ...stack,
    columns: 48,
    rows: 40,
    columnSpacingMm: 2,
    rowSpacingMm: 2,
    sliceOffsetsMm: evenOffsets(20, 2),
  };
  return imageSeries({
    identity: { study: "petct", series: "ct", seriesNumber: 2, description: "CT phantom" },
    sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
    thicknessMm: 2,
    attributes: {
      Modality: "CT",
      ImageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
      RescaleSlope: "1",
      RescaleIntercept: "-1024",
      KVP: "120",
      AcquisitionNumber: 1,
    },
    images: stackPlanes(fine).map((plane) => ({
      plane,
      pixels: Int16Array.from(
        { length: plane.columns * plane.rows },
        (_, at) => 900 + 4 * (at % plane.columns),
      ),
    })),
  });
}
