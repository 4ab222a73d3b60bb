/**
 * What a JPEG, JPEG-LS or JPEG 2000 code stream announces about itself, read before a codec sees it: a codec allocates
 * by these numbers, so they must be those of the data set.
 */

export type CodeStreamHeader = {
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
  readonly bitsPerSample: number;
  readonly signed: boolean;
};

/** Markers before the frame header; more than this is no image. */
const segmentLimit = 1000;

/** ITU-T T.81 B.2.2 and T.87 C.2.2: the SOFn marker, which JPEG-LS calls SOF55. Undefined when there is none. */
export function readJpegHeader(stream: Uint8Array): CodeStreamHeader | undefined {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  if (stream.length < 4 || view.getUint16(0) !== 0xffd8) return undefined;
  let offset = 2;
  for (let segment = 0; segment < segmentLimit && offset + 10 <= stream.length; segment += 1) {
    if (stream[offset] !== 0xff) return undefined;
    const marker = stream[offset + 1]!;
    if (marker === 0xff) {
      offset += 1;
      continue;
    }
    if (isFrameHeader(marker)) return frameHeader(view, offset + 4);
    offset += 2 + view.getUint16(offset + 2);
  }
  return undefined;
}

function isFrameHeader(marker: number): boolean {
  if (marker === 0xf7) return true;
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function frameHeader(view: DataView, offset: number): CodeStreamHeader {
  return {
    bitsPerSample: view.getUint8(offset),
    rows: view.getUint16(offset + 1),
    columns: view.getUint16(offset + 3),
    components: view.getUint8(offset + 5),
    signed: false,
  };
}

/** Where the code stream starts: some writers wrap it into a JP2 file, which PS3.5 forbids. -1 when there is none. */
export function jpeg2000Offset(stream: Uint8Array): number {
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, Math.min(stream.byteLength, 4096));
  return bytes.indexOf(Buffer.from([0xff, 0x4f, 0xff, 0x51]));
}

/** ITU-T T.800 A.5.1: the SIZ marker right after SOC. `stream` starts at SOC. */
export function readJpeg2000Header(stream: Uint8Array): CodeStreamHeader | undefined {
  if (stream.length < 45) return undefined;
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const components = view.getUint16(40);
  const precision = view.getUint8(42);
  return {
    columns: view.getUint32(8) - view.getUint32(16),
    rows: view.getUint32(12) - view.getUint32(20),
    components,
    bitsPerSample: (precision & 0x7f) + 1,
    signed: (precision & 0x80) !== 0,
  };
}
