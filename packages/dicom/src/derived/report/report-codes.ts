/** The codes of PS3.16 that TID 1500 and the templates below it name. */
import type { CodedConcept } from "../derived-series.ts";

const coded =
  (codingSchemeDesignator: string) =>
  (codeValue: string, codeMeaning: string): CodedConcept => ({
    codeValue,
    codingSchemeDesignator,
    codeMeaning,
  });
const dcm = coded("DCM");
const sct = coded("SCT");

export const reportCodes = {
  report: dcm("126000", "Imaging Measurement Report"),
  language: dcm("121049", "Language of Content Item and Descendants"),
  english: coded("RFC5646")("en", "English"),
  observerType: dcm("121005", "Observer Type"),
  device: dcm("121007", "Device"),
  deviceUid: dcm("121012", "Device Observer UID"),
  deviceName: dcm("121013", "Device Observer Name"),
  deviceManufacturer: dcm("121014", "Device Observer Manufacturer"),
  deviceModel: dcm("121015", "Device Observer Model Name"),
  procedure: dcm("121058", "Procedure reported"),
  imageLibrary: dcm("111028", "Image Library"),
  imageLibraryGroup: dcm("126200", "Image Library Group"),
  modality: dcm("121139", "Modality"),
  measurements: dcm("126010", "Imaging Measurements"),
  group: dcm("125007", "Measurement Group"),
  trackingId: dcm("112039", "Tracking Identifier"),
  trackingUid: dcm("112040", "Tracking Unique Identifier"),
  finding: dcm("121071", "Finding"),
  site: sct("363698007", "Finding Site"),
  laterality: sct("272741003", "Laterality"),
  segment: dcm("121191", "Referenced Segment"),
  sourceSeries: dcm("121232", "Source series for segmentation"),
  algorithmName: dcm("111001", "Algorithm Name"),
  algorithmVersion: dcm("111003", "Algorithm Version"),
  algorithmParameters: dcm("111002", "Algorithm Parameters"),
  method: sct("370129005", "Measurement Method"),
  derivation: dcm("121401", "Derivation"),
  comment: dcm("121106", "Comment"),
} as const;

/** PS3.16 CID 29, of the modalities that results are derived from. */
export const modalityCodes: Readonly<Record<string, CodedConcept>> = {
  CT: dcm("CT", "Computed Tomography"),
  MR: dcm("MR", "Magnetic Resonance"),
  PT: dcm("PT", "Positron emission tomography"),
};
