/** A parsed DICOM object: its identity, its attributes, and where its pixels lie. The bytes themselves are not changed or copied. */
import type { Attributes } from "./attributes.ts";

/** `native`: one run of bytes; `encapsulated`: fragments, grouped into frames. Offsets count from the start of `bytes`. */
export type PixelData =
  | {
      readonly kind: "native";
      readonly offset: number;
      readonly length: number;
      readonly keyword: "PixelData" | "FloatPixelData" | "DoubleFloatPixelData";
    }
  | {
      readonly kind: "encapsulated";
      readonly fragments: readonly { readonly offset: number; readonly length: number }[];
      readonly basicOffsets: readonly number[];
    };

export type DicomObject = {
  /** The whole file, or the inflated data set for the deflated transfer syntax. */
  readonly bytes: Uint8Array;
  /** Where the data set starts in `bytes`: after group 0002, or 0 for a bare or an inflated data set. */
  readonly dataSetOffset: number;
  readonly transferSyntaxUid: string;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly attributes: Attributes;
  readonly pixelData?: PixelData;
  /** Where reading had to stop or guess, without values: shown to people, never fatal. */
  readonly warnings: readonly string[];
};
