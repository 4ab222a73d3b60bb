/**
 * Cuts a byte stream into PDUs, whatever way the stream was chunked. Holds at most one small PDU; P-DATA-TF passes through
 * as slices of the chunks it came in, so its size costs no memory.
 *
 *   pdu header -> body (all but P-DATA-TF) -> pdu header
 *              -> pdv header -> fragment -> pdv header | pdu header
 */
import { decodePdu } from "./decode-pdu.ts";
import { protocolFault } from "./faults.ts";
import { pduType, type FragmentSlice, type Pdu } from "./pdu.ts";

/** 128 contexts with 40 transfer syntaxes each and a full User Information item stay below this. */
export const maxAssociatePduBytes = 256 * 1024;
const headerBytes = 6;
const none: Uint8Array = new Uint8Array(0);

type State =
  | { readonly in: "pdu-header" }
  | { readonly in: "body"; readonly type: number; readonly length: number }
  | { readonly in: "pdv-header" }
  | { readonly in: "fragment"; readonly contextId: number; readonly control: number };

export class PduDecoder {
  readonly #maxPduBytes: number;
  readonly #header = Buffer.alloc(headerBytes);
  #headerFilled = 0;
  #chunk = none;
  #state: State = { in: "pdu-header" };
  #body: Uint8Array[] = [];
  /** Bytes still to come: of the body or of the P-DATA-TF, and of the fragment in it. */
  #pduLeft = 0;
  #fragmentLeft = 0;
  #pduCount = 0;

  /** `maxPduBytes`: the longest P-DATA-TF variable field that we announced. */
  constructor(maxPduBytes: number) {
    this.#maxPduBytes = maxPduBytes;
  }

  /** True between the first byte of a PDU and its last. */
  get isMidPdu(): boolean {
    return this.#state.in !== "pdu-header" || this.#headerFilled > 0;
  }

  /** PDUs completed so far. */
  get pduCount(): number {
    return this.#pduCount;
  }

  /** Hand over the next chunk, only after `next` returned undefined. The chunk is not copied. */
  feed(chunk: Uint8Array): void {
    if (this.#chunk.length > 0) throw new Error("the last chunk is not used up");
    this.#chunk = chunk;
  }

  /** The next PDU or fragment slice, or undefined when more bytes are needed. @throws DimseFault DIMSE_PROTOCOL */
  next(): Pdu | FragmentSlice | undefined {
    for (;;) {
      const state = this.#state;
      if (state.in === "fragment") return this.#fragment(state);
      if (state.in === "body") return this.#wholeBody(state);
      if (!this.#fillHeader()) return undefined;
      if (state.in === "pdu-header") this.#startPdu();
      else this.#startFragment();
    }
  }

  /** PDU and PDV headers are both six bytes. */
  #fillHeader(): boolean {
    const taken = this.#take(headerBytes - this.#headerFilled);
    this.#header.set(taken, this.#headerFilled);
    this.#headerFilled += taken.length;
    if (this.#headerFilled < headerBytes) return false;
    this.#headerFilled = 0;
    return true;
  }

  #startPdu(): void {
    const type = this.#header[0]!;
    const length = this.#header.readUInt32BE(2);
    checkLength(type, length, this.#maxPduBytes);
    this.#pduLeft = length;
    this.#state = type === pduType.data ? { in: "pdv-header" } : { in: "body", type, length };
    this.#body = [];
  }

  #startFragment(): void {
    const length = this.#header.readUInt32BE(0);
    this.#pduLeft -= headerBytes;
    this.#fragmentLeft = length - 2;
    const after = this.#pduLeft - this.#fragmentLeft;
    // What follows the fragment is nothing, or another header at least.
    if (length < 2 || after < 0 || (after > 0 && after < headerBytes)) {
      throw invalid("a presentation data value does not fit its P-DATA-TF");
    }
    this.#state = { in: "fragment", contextId: this.#header[4]!, control: this.#header[5]! };
  }

  #fragment(state: { readonly contextId: number; readonly control: number }): FragmentSlice | undefined {
    const bytes = this.#take(this.#fragmentLeft);
    if (bytes.length === 0 && this.#fragmentLeft > 0) return undefined;
    this.#fragmentLeft -= bytes.length;
    this.#pduLeft -= bytes.length;
    const ended = this.#fragmentLeft === 0;
    if (ended) this.#afterFragment();
    return {
      kind: "fragment",
      contextId: state.contextId,
      isCommand: (state.control & 1) !== 0,
      endsMessage: ended && (state.control & 2) !== 0,
      bytes,
    };
  }

  #afterFragment(): void {
    if (this.#pduLeft > 0) this.#state = { in: "pdv-header" };
    else this.#endPdu();
  }

  #wholeBody(state: { readonly type: number }): Pdu | undefined {
    const bytes = this.#take(this.#pduLeft);
    if (bytes.length > 0) this.#body.push(bytes);
    this.#pduLeft -= bytes.length;
    if (this.#pduLeft > 0) return undefined;
    const body = Buffer.concat(this.#body);
    this.#body = [];
    this.#endPdu();
    return decodePdu(state.type, body);
  }

  #endPdu(): void {
    this.#state = { in: "pdu-header" };
    this.#pduCount += 1;
  }

  #take(count: number): Uint8Array {
    const taken = this.#chunk.subarray(0, count);
    this.#chunk = this.#chunk.subarray(taken.length);
    return taken;
  }
}

function checkLength(type: number, length: number, maxPduBytes: number): void {
  if (type < pduType.associateRequest || type > pduType.abort) {
    throw protocolFault("unrecognized-pdu", `PDU type ${type} does not exist`);
  }
  if (type === pduType.data) {
    if (length < headerBytes) throw invalid("a P-DATA-TF without a presentation data value");
    if (length > maxPduBytes) throw invalid("a P-DATA-TF longer than the Maximum Length announced");
  } else if (type === pduType.associateRequest || type === pduType.associateAccept) {
    if (length > maxAssociatePduBytes) throw invalid("an A-ASSOCIATE PDU longer than the limit");
  } else if (length !== 4) throw invalid("a PDU of fixed length has another length");
}

function invalid(message: string): Error {
  return protocolFault("invalid-pdu-parameter-value", message);
}
