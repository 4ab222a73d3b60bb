/** Cuts a stream of bytes at delimiters, keeping no more than one chunk and one delimiter. */
import { MultipartFault } from "./multipart-fault.ts";

export class DelimitedReader {
  readonly #source: AsyncIterator<Uint8Array>;
  /** A delimiter begins with a line break, and the first one may stand at the very start. */
  #held: Buffer = Buffer.from("\r\n");

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The bytes up to `delimiter`, which is consumed. May be left in the middle and taken up again. */
  until(delimiter: Buffer): AsyncIterable<Uint8Array> {
    let ended = false;
    const next = async (): Promise<IteratorResult<Uint8Array>> => {
      if (ended) return { done: true, value: undefined };
      const { chunk, found } = await this.#take(delimiter);
      ended = found;
      return found && chunk.length === 0 ? { done: true, value: undefined } : { done: false, value: chunk };
    };
    return { [Symbol.asyncIterator]: () => ({ next }) };
  }

  /** A short text up to `delimiter`, which is consumed. @throws MultipartFault when it is longer than `maxBytes`. */
  async short(delimiter: Buffer, maxBytes: number): Promise<string> {
    for (;;) {
      const at = this.#held.indexOf(delimiter);
      if (at > maxBytes || (at < 0 && this.#held.length > maxBytes + delimiter.length))
        throw new MultipartFault("BAD_MULTIPART", "a part's headers are too long");
      if (at >= 0) {
        const text = this.#held.toString("latin1", 0, at);
        this.#held = this.#held.subarray(at + delimiter.length);
        return text;
      }
      await this.#fill();
    }
  }

  /** Looks ahead without consuming. */
  async startsWith(text: string): Promise<boolean> {
    while (this.#held.length < text.length) await this.#fill();
    return this.#held.toString("latin1", 0, text.length) === text;
  }

  /** What certainly lies before the delimiter, at least one byte of it, or the rest once it is found. */
  async #take(delimiter: Buffer): Promise<{ chunk: Buffer; found: boolean }> {
    for (;;) {
      const at = this.#held.indexOf(delimiter);
      const safe = at >= 0 ? at : this.#held.length - (delimiter.length - 1);
      if (at >= 0 || safe > 0) {
        const chunk = this.#held.subarray(0, safe);
        this.#held = this.#held.subarray(at >= 0 ? at + delimiter.length : safe);
        return { chunk, found: at >= 0 };
      }
      await this.#fill();
    }
  }

  async #fill(): Promise<void> {
    const { done, value } = await this.#source.next();
    if (done) throw new MultipartFault("TRUNCATED_MULTIPART", "the body ends before its last boundary");
    this.#held = this.#held.length === 0 ? asBuffer(value) : Buffer.concat([this.#held, value]);
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
