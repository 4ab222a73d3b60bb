/**
 * Pulls PDUs and fragment slices from a socket. The socket stays in paused mode and is read only when the caller asks:
 * while a sink is busy nothing is read, the kernel's window fills, and the peer has to wait.
 */
import type { Socket } from "node:net";
import { timeoutFault } from "./faults.ts";
import { expireAfter } from "./patience.ts";
import { PduDecoder } from "./pdu-decoder.ts";
import type { FragmentSlice, Pdu } from "./pdu.ts";

/** `closed`: the peer closed, or the connection broke, with nothing left to read. */
export type Incoming = Pdu | FragmentSlice | { readonly kind: "closed"; readonly cause?: unknown };

export class PduReader {
  readonly #socket: Socket;
  readonly #decoder: PduDecoder;
  readonly #artimMs: number;
  #isOver = false;
  #isDiscarding = false;
  #cause: unknown;
  #fault: Error | undefined;
  #wake: (() => void) | undefined;
  /** How long the peer has let us wait within the PDU that is half here; our own pauses do not count. */
  #waitedMs = 0;
  #waitedInPdu = 0;

  constructor(socket: Socket, limits: { readonly maxPduBytes: number; readonly artimMs: number }) {
    this.#socket = socket;
    this.#decoder = new PduDecoder(limits.maxPduBytes);
    this.#artimMs = limits.artimMs;
    socket.on("readable", () => this.#onReadable());
    socket.on("error", (cause) => this.#end(cause));
    socket.on("end", () => this.#end(undefined));
    socket.on("close", () => this.#end(undefined));
  }

  /**
   * @param waitMs how long the peer may be silent between two PDUs; within one, `artimMs` holds. Infinity: no limit.
   * @throws DimseFault DIMSE_PROTOCOL, DIMSE_TIMEOUT, or what `fail` was given
   */
  async next(waitMs: number): Promise<Incoming> {
    for (;;) {
      if (this.#fault) throw this.#fault;
      const item = this.#decoder.next();
      if (item) return item;
      const chunk: Uint8Array | null = this.#socket.read();
      if (chunk) this.#decoder.feed(chunk);
      else if (this.#isOver) return { kind: "closed", cause: this.#cause };
      else await this.#untilReadable(waitMs);
    }
  }

  /** Makes the pending and every later `next` throw. */
  fail(fault: Error): void {
    this.#fault ??= fault;
    this.#wake?.();
  }

  /** From now on everything that arrives is thrown away, so that the peer's close is seen. */
  discard(): void {
    this.#isDiscarding = true;
    this.#onReadable();
  }

  #onReadable(): void {
    if (this.#isDiscarding) while (this.#socket.read() !== null);
    this.#wake?.();
  }

  #end(cause: unknown): void {
    this.#isOver = true;
    this.#cause ??= cause;
    this.#wake?.();
  }

  async #untilReadable(waitMs: number): Promise<void> {
    if (this.#waitedInPdu !== this.#decoder.pduCount || !this.#decoder.isMidPdu) this.#waitedMs = 0;
    this.#waitedInPdu = this.#decoder.pduCount;
    const limitMs = this.#decoder.isMidPdu ? this.#artimMs - this.#waitedMs : waitMs;
    const startMs = performance.now();
    const isTimedOut = await this.#wokenWithin(limitMs);
    this.#waitedMs += performance.now() - startMs;
    if (isTimedOut)
      throw timeoutFault(this.#decoder.isMidPdu ? "a PDU was left half-sent" : "the peer is silent");
  }

  #wokenWithin(limitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (isTimedOut: boolean) => {
        forget();
        this.#wake = undefined;
        resolve(isTimedOut);
      };
      const forget = expireAfter(limitMs, () => settle(true));
      this.#wake = () => settle(false);
    });
  }
}
