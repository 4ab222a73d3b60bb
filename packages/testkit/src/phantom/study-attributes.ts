/** Attributes that every phantom image carries. Obviously synthetic, so that nobody takes it for a patient. */
import { derivedUid } from "@releve/domain/ids";
import { normalize } from "@releve/domain/vec3";
import type { PlaneGeometry } from "@releve/domain/volume";
import { decimalString } from "./decimal-string.ts";
import type { DataSet } from "./part10.ts";

/** `study` and `series` are names from which the UIDs derive: the same names give the same UIDs. */
export type SeriesIdentity = {
  readonly study: string;
  readonly series: string;
  readonly seriesNumber: number;
  readonly description: string;
};

export function studyAttributes({ study, series, seriesNumber, description }: SeriesIdentity): DataSet {
  return {
    SpecificCharacterSet: "ISO_IR 192",
    StudyDate: "20200101",
    SeriesDate: "20200101",
    AcquisitionDate: "20200101",
    ContentDate: "20200101",
    StudyTime: "080000",
    SeriesTime: "081000",
    AccessionNumber: "PHANTOM1",
    Manufacturer: "RELEVE PHANTOM",
    InstitutionName: "PHANTOM HOSPITAL",
    ReferringPhysicianName: "",
    StudyDescription: "Generated phantom",
    SeriesDescription: description,
    PatientName: "PHANTOM^ONE",
    PatientID: "PHANTOM-1",
    PatientBirthDate: "19000101",
    PatientSex: "O",
    StudyInstanceUID: derivedUid(`phantom study ${study}`),
    SeriesInstanceUID: derivedUid(`phantom study ${study} series ${series}`),
    FrameOfReferenceUID: derivedUid(`phantom study ${study} frame of reference`),
    PositionReferenceIndicator: "",
    StudyID: "1",
    SeriesNumber: seriesNumber,
    PatientPosition: "HFS",
    BodyPartExamined: "HEAD",
  };
}

export function instanceUid({ study, series }: SeriesIdentity, instance: number | string): string {
  return derivedUid(`phantom study ${study} series ${series} instance ${instance}`);
}

/** The Image Plane Module (PS3.3 C.7.6.2): spacing is written row spacing first. */
export function planeAttributes(plane: PlaneGeometry, thicknessMm: number): DataSet {
  return {
    ImagePositionPatient: plane.originLps.map(decimalString),
    ImageOrientationPatient: orientation(plane),
    PixelSpacing: spacing(plane),
    SliceThickness: decimalString(thicknessMm),
  };
}

export function orientation(plane: PlaneGeometry): string[] {
  return [...normalize(plane.columnStepLps), ...normalize(plane.rowStepLps)].map(decimalString);
}

export function spacing(plane: PlaneGeometry): string[] {
  return [Math.hypot(...plane.rowStepLps), Math.hypot(...plane.columnStepLps)].map(decimalString);
}

/** The Image Pixel Module of a monochrome image; all 16 bits are used unless `bitsStored` says otherwise. */
export function pixelAttributes(
  size: { readonly columns: number; readonly rows: number },
  signed: boolean,
  bitsStored = 16,
): DataSet {
  return {
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: size.rows,
    Columns: size.columns,
    BitsAllocated: 16,
    BitsStored: bitsStored,
    HighBit: bitsStored - 1,
    PixelRepresentation: signed ? 1 : 0,
  };
}
