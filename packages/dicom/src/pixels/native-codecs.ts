/**
 * The WASM codecs of dcmjs-codecs: JPEG, JPEG-LS, JPEG 2000, HTJ2K. One module for the process, because it compiles for
 * long; after a failure it is dropped and made anew, because a code stream that broke it may have left it broken.
 */
import { createRequire } from "node:module";
import type * as DcmjsCodecs from "dcmjs-codecs";

const { Context, NativeCodecs, log } = createRequire(import.meta.url)("dcmjs-codecs") as typeof DcmjsCodecs;
// The codecs complain on standard output about every broken stream; the refusal says it.
log.setLevel("silent");

export type NativeCodec = "jpeg" | "jpegLs" | "jpeg2000" | "htJpeg2000";

export type CodecFrame = {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly signed: boolean;
};

export type Decoded = CodecFrame & { readonly planar: boolean; readonly bytes: Uint8Array };

let ready: Promise<void> | undefined;

function codecsReady(): Promise<void> {
  ready ??= NativeCodecs.initializeAsync();
  return ready;
}

function dropCodecs(): void {
  ready = undefined;
  NativeCodecs.release();
}

/** Colour is left as it is coded: no YBR to RGB. @throws Error of any kind when the stream cannot be decoded. */
export async function decodeNatively(
  codec: NativeCodec,
  encoded: Uint8Array,
  frame: CodecFrame,
): Promise<Decoded> {
  await codecsReady();
  const context = contextOf(frame);
  context.setEncodedBuffer(encoded);
  try {
    return decodedFrom(decoders[codec](context));
  } catch (error) {
    dropCodecs();
    throw error;
  }
}

const decoders = {
  jpeg: (context: DcmjsCodecs.Context) => NativeCodecs.decodeJpeg(context, { convertColorspaceToRgb: false }),
  jpegLs: (context: DcmjsCodecs.Context) => NativeCodecs.decodeJpegLs(context),
  jpeg2000: (context: DcmjsCodecs.Context) => NativeCodecs.decodeJpeg2000(context),
  htJpeg2000: (context: DcmjsCodecs.Context) => NativeCodecs.decodeHtJpeg2000(context),
} satisfies Record<NativeCodec, (context: DcmjsCodecs.Context) => DcmjsCodecs.Context>;

/** The codecs must not think about colour, so they are told the plainest one. */
function contextOf(frame: CodecFrame): DcmjsCodecs.Context {
  return new Context({
    width: frame.columns,
    height: frame.rows,
    bitsAllocated: frame.bitsAllocated,
    bitsStored: frame.bitsStored,
    samplesPerPixel: frame.samplesPerPixel,
    pixelRepresentation: frame.signed ? 1 : 0,
    planarConfiguration: 0,
    photometricInterpretation: frame.samplesPerPixel === 1 ? "MONOCHROME2" : "RGB",
  });
}

function decodedFrom(context: DcmjsCodecs.Context): Decoded {
  return {
    rows: context.getHeight() ?? 0,
    columns: context.getWidth() ?? 0,
    samplesPerPixel: context.getSamplesPerPixel() ?? 0,
    bitsAllocated: context.getBitsAllocated() ?? 0,
    bitsStored: context.getBitsStored() ?? 0,
    signed: context.getPixelRepresentation() === 1,
    planar: context.getPlanarConfiguration() === 1,
    bytes: context.getDecodedBuffer() ?? new Uint8Array(0),
  };
}
