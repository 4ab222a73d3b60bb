/** Writes to a socket and waits while its buffer is full, at most `stallMs`: what is sent never piles up in memory. */
import type { Socket } from "node:net";
import { closedFault, timeoutFault } from "./faults.ts";
import { expireAfter } from "./patience.ts";

export class PduWriter {
  readonly #socket: Socket;
  readonly #stallMs: number;
  #fault: Error | undefined;
  #settle: ((fault: Error | undefined) => void) | undefined;

  constructor(socket: Socket, stallMs: number) {
    this.#socket = socket;
    this.#stallMs = stallMs;
    socket.on("drain", () => this.#settle?.(undefined));
    socket.on("error", (cause) => this.fail(closedFault(cause)));
    socket.on("close", () => this.fail(closedFault()));
  }

  /**
   * Sends the parts in one go, uncopied: they must not change afterwards.
   * @throws DimseFault DIMSE_ABORTED when the connection is gone, DIMSE_TIMEOUT when the peer takes nothing for `stallMs`
   */
  async write(parts: readonly Uint8Array[]): Promise<void> {
    if (this.#fault) throw this.#fault;
    if (!this.#socket.writable) throw closedFault();
    this.#socket.cork();
    for (const part of parts) this.#socket.write(part);
    this.#socket.uncork();
    if (this.#socket.writableNeedDrain) await this.#untilDrained();
  }

  /** Makes a waiting and every later `write` throw. */
  fail(fault: Error): void {
    this.#fault ??= fault;
    this.#settle?.(this.#fault);
  }

  #untilDrained(): Promise<void> {
    return new Promise((resolve, reject) => {
      const forget = expireAfter(this.#stallMs, () =>
        this.#settle?.(timeoutFault("the peer takes no more data")),
      );
      this.#settle = (fault) => {
        forget();
        this.#settle = undefined;
        if (fault) reject(fault);
        else resolve();
      };
    });
  }
}
