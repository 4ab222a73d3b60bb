/**
 * The data set of a C-STORE as it arrives: the bytes as sent, in slices, pulled from the socket one by one.
 * Whatever its reader does, `drain` brings the association to the end of the data set, or says why not.
 */
import { nextFragment, type Connection } from "./connection.ts";
import { DimseFault, protocolFault } from "./faults.ts";

export class IncomingDataSet implements AsyncIterable<Uint8Array> {
  readonly #connection: Connection;
  readonly #contextId: number;
  readonly #limits: { readonly maxObjectBytes: number; readonly idleMs: number };
  #received = 0;
  #isComplete = false;
  #isClosed = false;
  #fault: DimseFault | undefined;

  constructor(
    connection: Connection,
    contextId: number,
    limits: { readonly maxObjectBytes: number; readonly idleMs: number },
  ) {
    this.#connection = connection;
    this.#contextId = contextId;
    this.#limits = limits;
  }

  /** The last fragment has been handed to the reader. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** The object is beyond `maxObjectBytes`; its reader was told by a throw. */
  get isTooLarge(): boolean {
    return this.#fault?.code === "DIMSE_OBJECT_TOO_LARGE";
  }

  /** The association ended within the data set; `drain` throws why. */
  get isBroken(): boolean {
    return this.#fault !== undefined && !this.isTooLarge;
  }

  /** One pass only. @throws DimseFault DIMSE_OBJECT_TOO_LARGE, or what ended the association. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    while (!this.#isComplete) {
      if (this.#isClosed) throw new Error("the data set of a request that is answered");
      const bytes = await this.#receive();
      if (bytes.length > 0) yield bytes;
    }
  }

  /**
   * Throws the rest away, at most `maxObjectBytes` more: enough to answer a refusal politely, not to be held up by it.
   * @throws DimseFault what ended the association, or DIMSE_OBJECT_TOO_LARGE beyond that
   */
  async drain(): Promise<void> {
    this.#isClosed = true;
    if (this.isTooLarge) this.#fault = undefined;
    this.#received = 0;
    while (!this.#isComplete) await this.#receive();
    if (this.#fault) throw this.#fault;
  }

  async #receive(): Promise<Uint8Array> {
    if (this.#fault) throw this.#fault;
    try {
      return await this.#nextSlice();
    } catch (fault) {
      if (fault instanceof DimseFault) this.#fault = fault;
      throw fault;
    }
  }

  async #nextSlice(): Promise<Uint8Array> {
    const slice = await nextFragment(this.#connection, this.#limits.idleMs);
    if (slice.isCommand || slice.contextId !== this.#contextId) {
      throw protocolFault("unexpected-pdu-parameter", "a data set is interrupted by another message");
    }
    this.#isComplete = slice.endsMessage;
    this.#received += slice.bytes.length;
    if (this.#received > this.#limits.maxObjectBytes) {
      throw new DimseFault("DIMSE_OBJECT_TOO_LARGE", "the object is larger than the limit", "never");
    }
    return slice.bytes;
  }
}
