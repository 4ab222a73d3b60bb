/** The deflated transfer syntax (PS3.5 annex A.5): a raw deflate stream, inflated in pieces up to a limit. */
import { Inflate } from "pako";
import { DicomFault } from "../faults.ts";

export type Inflated = {
  readonly bytes: Uint8Array;
  /** False when the stream was cut or corrupt: `bytes` is what came before. */
  readonly complete: boolean;
};

class LimitReached extends Error {}

/**
 * Memory never exceeds the limit and one piece of 64 KiB, whatever the stream claims.
 * @throws DicomFault INFLATED_TOO_LARGE
 */
export function inflateRaw(deflated: Uint8Array, limitBytes: number): Inflated {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const inflate = new Inflate({ raw: true, chunkSize: 65536 });
  inflate.onData = (piece: Uint8Array | string) => {
    if (typeof piece === "string") throw new TypeError("inflate gives bytes");
    length += piece.length;
    if (length > limitBytes) throw new LimitReached();
    pieces.push(piece);
  };
  try {
    inflate.push(deflated, true);
  } catch (error) {
    if (!(error instanceof LimitReached)) throw error;
    throw new DicomFault("INFLATED_TOO_LARGE", `the data set inflates to more than ${limitBytes} bytes`);
  }
  const complete = inflate.err === 0 && inflate.ended;
  if (!complete) addPending(inflate, pieces);
  return { bytes: joined(pieces), complete };
}

/** After an error pako keeps the last, unfinished piece to itself; it holds the header of a small object. */
function addPending(inflate: Inflate, pieces: Uint8Array[]): void {
  const stream = inflate["strm"];
  if (stream.avail_out > 0 && stream.next_out > 0) pieces.push(stream.output.subarray(0, stream.next_out));
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}
