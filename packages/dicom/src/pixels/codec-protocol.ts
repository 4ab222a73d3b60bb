/** What passes between the codec pool and its workers. */

export type NativeCodec = "jpeg" | "jpegLs" | "jpeg2000" | "htJpeg2000";

export type CodecFrame = {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly signed: boolean;
};

/** Samples as the codec gave them, Little Endian; `planar`: colour planes one after the other. */
export type Decoded = { readonly planar: boolean; readonly bytes: Uint8Array<ArrayBuffer> };

export type CodecRequest = {
  readonly codec: NativeCodec;
  readonly encoded: Uint8Array<ArrayBuffer>;
  readonly frame: CodecFrame;
};

export type CodecReply =
  | { readonly kind: "ready" }
  | { readonly kind: "decoded"; readonly decoded: Decoded }
  | { readonly kind: "failed" };
