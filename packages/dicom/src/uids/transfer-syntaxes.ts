/** The transfer syntaxes of PS3.6 table A-1 that carry images or their headers, and what each says about the bytes. */

export type TransferSyntax = {
  readonly uid: string;
  readonly name: string;
  /** Pixel data is fragments in items; the data set itself is then Explicit VR Little Endian. */
  readonly encapsulated: boolean;
  /** May have changed pixel values; the lossless processes never do. */
  readonly lossy: boolean;
  readonly explicit: boolean;
  readonly littleEndian: boolean;
  /** The data set as a whole is a deflate stream. */
  readonly deflated: boolean;
};

export const IMPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2";
export const EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
export const DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1.99";
export const EXPLICIT_VR_BIG_ENDIAN = "1.2.840.10008.1.2.2";

const native = (uid: string, name: string, more: Partial<TransferSyntax> = {}): TransferSyntax => ({
  uid,
  name,
  encapsulated: false,
  lossy: false,
  explicit: true,
  littleEndian: true,
  deflated: false,
  ...more,
});

const encapsulated = (suffix: string, name: string, kind: "lossless" | "lossy"): TransferSyntax =>
  native(`1.2.840.10008.1.2.${suffix}`, name, { encapsulated: true, lossy: kind === "lossy" });

export const transferSyntaxes: readonly TransferSyntax[] = [
  native(IMPLICIT_VR_LITTLE_ENDIAN, "Implicit VR Little Endian", { explicit: false }),
  native(EXPLICIT_VR_LITTLE_ENDIAN, "Explicit VR Little Endian"),
  encapsulated("1.98", "Encapsulated Uncompressed Explicit VR Little Endian", "lossless"),
  native(DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN, "Deflated Explicit VR Little Endian", { deflated: true }),
  native(EXPLICIT_VR_BIG_ENDIAN, "Explicit VR Big Endian", { littleEndian: false }),
  encapsulated("4.50", "JPEG Baseline (Process 1)", "lossy"),
  encapsulated("4.51", "JPEG Extended (Processes 2 and 4)", "lossy"),
  encapsulated("4.52", "JPEG Extended (Processes 3 and 5)", "lossy"),
  encapsulated("4.53", "JPEG Spectral Selection, Nonhierarchical (Processes 6 and 8)", "lossy"),
  encapsulated("4.54", "JPEG Spectral Selection, Nonhierarchical (Processes 7 and 9)", "lossy"),
  encapsulated("4.55", "JPEG Full Progression, Nonhierarchical (Processes 10 and 12)", "lossy"),
  encapsulated("4.56", "JPEG Full Progression, Nonhierarchical (Processes 11 and 13)", "lossy"),
  encapsulated("4.57", "JPEG Lossless, Nonhierarchical (Process 14)", "lossless"),
  encapsulated("4.58", "JPEG Lossless, Nonhierarchical (Process 15)", "lossless"),
  encapsulated("4.70", "JPEG Lossless, First-Order Prediction (Process 14, Selection Value 1)", "lossless"),
  encapsulated("4.80", "JPEG-LS Lossless", "lossless"),
  encapsulated("4.81", "JPEG-LS Lossy (Near-Lossless)", "lossy"),
  encapsulated("4.90", "JPEG 2000 (Lossless Only)", "lossless"),
  encapsulated("4.91", "JPEG 2000", "lossy"),
  encapsulated("4.92", "JPEG 2000 Part 2 Multi-component (Lossless Only)", "lossless"),
  encapsulated("4.93", "JPEG 2000 Part 2 Multi-component", "lossy"),
  encapsulated("4.100", "MPEG2 Main Profile / Main Level", "lossy"),
  encapsulated("4.101", "MPEG2 Main Profile / High Level", "lossy"),
  encapsulated("4.102", "MPEG-4 AVC/H.264 High Profile / Level 4.1", "lossy"),
  encapsulated("4.103", "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1", "lossy"),
  encapsulated("4.104", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video", "lossy"),
  encapsulated("4.105", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video", "lossy"),
  encapsulated("4.106", "MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2", "lossy"),
  encapsulated("4.107", "HEVC/H.265 Main Profile / Level 5.1", "lossy"),
  encapsulated("4.108", "HEVC/H.265 Main 10 Profile / Level 5.1", "lossy"),
  encapsulated("4.110", "JPEG XL Lossless", "lossless"),
  encapsulated("4.111", "JPEG XL JPEG Recompression", "lossy"),
  encapsulated("4.112", "JPEG XL", "lossy"),
  encapsulated("4.201", "High-Throughput JPEG 2000 (Lossless Only)", "lossless"),
  encapsulated("4.202", "High-Throughput JPEG 2000 with RPCL Options (Lossless Only)", "lossless"),
  encapsulated("4.203", "High-Throughput JPEG 2000", "lossy"),
  encapsulated("5", "RLE Lossless", "lossless"),
  encapsulated("8.1", "Deflated Image Frame Compression", "lossless"),
];

const byUid = new Map(transferSyntaxes.map((syntax) => [syntax.uid, syntax]));

/** Undefined for private and unknown transfer syntaxes. */
export function transferSyntaxOf(uid: string): TransferSyntax | undefined {
  return byUid.get(uid);
}
