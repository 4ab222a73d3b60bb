/** What the tests of this folder derive: a small series, and sources of each modality made of the phantom's attributes. */
import { part10, type DataSet } from "@releve/testkit/phantom/part10";
import { studyAttributes } from "@releve/testkit/phantom/study-attributes";
import { parseDicom } from "../data-set/parse-dicom.ts";
import type { DicomObject } from "../data-set/dicom-object.ts";
import type { DerivationContext, DerivationSource } from "./derivation-context.ts";
import type { DerivedSeries } from "./derived-series.ts";

export const context: DerivationContext = {
  jobId: "2ed6657d-e927-568b-95e1-2665a8aea6a2",
  application: "mpr",
  applicationVersion: "1.0.0",
  engine: "gpu.js/webasm",
  atMs: Date.UTC(2026, 2, 4, 5, 6, 7, 89),
  softwareVersion: "0.1.0",
};

/** Three coronal planes 1.5 mm apart; the first value of each lies outside the volume. */
export function coronalSeries(valueOf: (index: number) => number = (index) => index - 40): DerivedSeries {
  const images = [0, 1, 2].map((plane) => ({
    geometry: {
      columns: 16,
      rows: 8,
      originLps: [-10.123456789012, plane * 1.5, 30] as const,
      columnStepLps: [0.7, 0, 0] as const,
      rowStepLps: [0, 0, -0.9] as const,
    },
    thicknessMm: 1.5,
    values: Float32Array.from({ length: 128 }, (_, index) => (index === 0 ? NaN : valueOf(index + plane))),
  }));
  return {
    kind: "images",
    key: "coronal",
    seriesDescription: "MPR coronal",
    imageTypeValues: ["MPR"],
    derivationDescription: "Coronal multiplanar reformatting, trilinear",
    derivationCode: {
      codeValue: "113072",
      codingSchemeDesignator: "DCM",
      codeMeaning: "Multiplanar reformatting",
    },
    images,
  };
}

const storage = {
  CT: "1.2.840.10008.5.1.4.1.1.2",
  MR: "1.2.840.10008.5.1.4.1.1.4",
  PT: "1.2.840.10008.5.1.4.1.1.128",
};

const own: Readonly<Record<keyof typeof storage, DataSet>> = {
  CT: { KVP: "120", AcquisitionNumber: 1, RescaleIntercept: "-1024", RescaleSlope: "1" },
  MR: { ScanningSequence: "GR", SequenceVariant: "SP", EchoTime: "4.6", RepetitionTime: "20" },
  PT: {
    Units: "BQML",
    CountsSource: "EMISSION",
    DecayCorrection: "START",
    DecayFactor: "1.02",
    FrameReferenceTime: "0",
    RescaleIntercept: "0",
    RescaleSlope: "2.5",
  },
};

/** `more` goes over the modality's attributes; undefined leaves one out. */
export function sourceObject(
  modality: keyof typeof storage,
  more: DataSet = {},
  privates: Parameters<typeof part10>[2] = [],
): DicomObject {
  const identity = { study: "derived", series: modality, seriesNumber: 4, description: `Source ${modality}` };
  const dataSet = {
    ...studyAttributes(identity),
    SOPClassUID: storage[modality],
    SOPInstanceUID: "2.25.1001",
    Modality: modality,
    ...own[modality],
    ...more,
  };
  const present = Object.entries(dataSet).filter(([, value]) => value !== undefined);
  return parseDicom(part10(Object.fromEntries(present), undefined, privates));
}

export function sourceOf(object: DicomObject, more: Partial<DerivationSource> = {}): DerivationSource {
  const { attributes, sopClassUid, sopInstanceUid, studyInstanceUid, transferSyntaxUid } = object;
  return {
    attributes,
    sources: [
      { sopClassUid, sopInstanceUid },
      { sopClassUid, sopInstanceUid: "2.25.1002" },
    ],
    studyInstanceUid,
    frameOfReferenceUid: attributes.string("FrameOfReferenceUID"),
    modality: attributes.string("Modality") ?? "",
    sopClassUid,
    transferSyntaxUid,
    ...more,
  };
}
