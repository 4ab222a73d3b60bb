/** Writes data sets by keyword as DICOM Part 10 bytes, Explicit VR Little Endian. Numbers are data, so the bytes never change. */
import { createRequire } from "node:module";

type Element = { vr: string; Value: readonly unknown[] };
type DcmjsDict = { dict: Record<string, Element>; write: (options: object) => ArrayBuffer };
/** The few parts of dcmjs used here; the package carries no types. */
type Dcmjs = {
  data: {
    DicomDict: new (meta: Record<string, Element>) => DcmjsDict;
    DicomMetaDictionary: { denaturalizeDataset: (dataSet: object) => Record<string, Element> };
  };
};

/** A data set by DICOM keyword; a sequence is an array of data sets. */
export type DataSet = { [keyword: string]: unknown };
/** A private attribute: eight hexadecimal digits, its VR and its values. */
export type PrivateElement = readonly [tag: string, vr: string, ...values: unknown[]];

export type PhantomFile = { readonly fileName: string; readonly bytes: Uint8Array };

const { data } = createRequire(import.meta.url)("dcmjs") as Dcmjs;
const explicitLittleEndian = "1.2.840.10008.1.2.1";
/** Under the UUID-derived root; the testkit's own, drawn once. */
const implementationClassUid = "2.25.179425837205834421980433061733610219337";

/** Bytes of one object. `pixels` become Pixel Data in OW; private elements are added as they are. */
export function part10(
  dataSet: DataSet,
  pixels?: Int16Array | Uint16Array,
  privates: readonly PrivateElement[] = [],
): Uint8Array {
  const file = new data.DicomDict(
    data.DicomMetaDictionary.denaturalizeDataset({
      FileMetaInformationVersion: Uint8Array.of(0, 1).buffer,
      MediaStorageSOPClassUID: dataSet["SOPClassUID"],
      MediaStorageSOPInstanceUID: dataSet["SOPInstanceUID"],
      TransferSyntaxUID: explicitLittleEndian,
      ImplementationClassUID: implementationClassUid,
      ImplementationVersionName: "RELEVE_PHANTOM",
      _vrMap: {},
    }),
  );
  const elements = data.DicomMetaDictionary.denaturalizeDataset({ ...dataSet, _vrMap: vrsOf(dataSet) });
  for (const [tag, vr, ...values] of privates) elements[tag.toUpperCase()] = { vr, Value: values };
  if (pixels) elements["7FE00010"] = { vr: "OW", Value: [bytesOf(pixels)] };
  file.dict = Object.fromEntries(Object.entries(elements).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return new Uint8Array(file.write({ allowInvalidVRLength: false }));
}

/** Padding has the VR of the pixels: signed where they are. */
function vrsOf(dataSet: DataSet): Record<string, string> {
  const vr = dataSet["PixelRepresentation"] === 1 ? "SS" : "US";
  return { PixelPaddingValue: vr, PixelPaddingRangeLimit: vr };
}

function bytesOf(pixels: Int16Array | Uint16Array): ArrayBuffer {
  return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength).slice().buffer;
}
