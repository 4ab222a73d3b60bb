/** A socket with the PDUs that came back on it, for senders that do as they please. */
import { connect, type Socket } from "node:net";

/** What a raw sender saw in the end. `silent`: nothing within the time given. */
export type RawOutcome =
  | { readonly kind: "status"; readonly status: number; readonly errorComment?: string }
  | {
      readonly kind: "rejected";
      readonly result: number;
      readonly source: number;
      readonly reason: number;
    }
  | { readonly kind: "context-refused"; readonly result: number }
  | { readonly kind: "aborted"; readonly source: number; readonly reason: number }
  | { readonly kind: "closed" }
  | { readonly kind: "silent" };

export type ReceivedPdu = { readonly type: number; readonly body: Buffer };

export class RawConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #isClosed = false;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    // A reset is a close here: what the sender sees is that the peer is gone.
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  send(bytes: Uint8Array): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  /** The next whole PDU, or how the wait for it ended. */
  async receive(withinMs: number): Promise<ReceivedPdu | "closed" | "silent"> {
    const deadlineMs = performance.now() + withinMs;
    for (;;) {
      const pdu = this.#takePdu();
      if (pdu) return pdu;
      if (this.#isClosed) return "closed";
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) return "silent";
      await this.#changeWithin(leftMs);
    }
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #takePdu(): ReceivedPdu | undefined {
    if (this.#received.length < 6) return undefined;
    const end = 6 + this.#received.readUInt32BE(2);
    if (this.#received.length < end) return undefined;
    const pdu = { type: this.#received[0]!, body: this.#received.subarray(6, end) };
    this.#received = this.#received.subarray(end);
    return pdu;
  }

  #changeWithin(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** @throws the socket's error when nobody listens. */
export function rawConnect(host: string, port: number): Promise<RawConnection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve(new RawConnection(socket));
    });
  });
}
