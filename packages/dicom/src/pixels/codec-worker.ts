/**
 * The WASM codecs of dcmjs-codecs in a thread of their own, one frame at a time: a code stream can make a codec loop for
 * longer than anyone waits, and only a thread can be ended. After a failure the pool ends this one, because a stream
 * that broke the module may have left it broken.
 */
import { createRequire } from "node:module";
import { parentPort } from "node:worker_threads";
import type * as DcmjsCodecs from "dcmjs-codecs";
import type { CodecFrame, CodecReply, CodecRequest, Decoded, NativeCodec } from "./codec-protocol.ts";

const { Context, NativeCodecs, log } = createRequire(import.meta.url)("dcmjs-codecs") as typeof DcmjsCodecs;
// The codecs complain on standard output about every broken stream; the refusal says it.
log.setLevel("silent");

const port = parentPort;
if (!port) throw new Error("the codecs run in a worker thread only");

function send(reply: CodecReply, transfer: ArrayBuffer[] = []): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin
  port!.postMessage(reply, transfer);
}

port.on("message", ({ codec, encoded, frame }: CodecRequest) => {
  try {
    const decoded = decode(codec, encoded, frame);
    send({ kind: "decoded", decoded }, [decoded.bytes.buffer]);
  } catch {
    // The codec's own message may quote the stream.
    send({ kind: "failed" });
  }
});

/** Colour is left as it is coded: no YBR to RGB. */
const decoders = {
  jpeg: (context: DcmjsCodecs.Context) => NativeCodecs.decodeJpeg(context, { convertColorspaceToRgb: false }),
  jpegLs: (context: DcmjsCodecs.Context) => NativeCodecs.decodeJpegLs(context),
  jpeg2000: (context: DcmjsCodecs.Context) => NativeCodecs.decodeJpeg2000(context),
  htJpeg2000: (context: DcmjsCodecs.Context) => NativeCodecs.decodeHtJpeg2000(context),
} satisfies Record<NativeCodec, (context: DcmjsCodecs.Context) => DcmjsCodecs.Context>;

function decode(codec: NativeCodec, encoded: Uint8Array, frame: CodecFrame): Decoded {
  const context = contextOf(frame);
  context.setEncodedBuffer(encoded);
  const result = decoders[codec](context);
  const bytes = new Uint8Array(result.getDecodedBuffer() ?? new Uint8Array(0));
  return { planar: result.getPlanarConfiguration() === 1, bytes };
}

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

await NativeCodecs.initializeAsync();
send({ kind: "ready" });
