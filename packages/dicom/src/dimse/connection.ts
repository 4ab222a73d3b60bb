/** One transport connection of the upper layer: PDUs in, PDUs out, and the ways to end it (PS3.8 section 9.2). */
import type { Socket } from "node:net";
import { abortedFault, closedFault, protocolFault, DimseFault } from "./faults.ts";
import { encodePdu } from "./encode-pdu.ts";
import { PduReader, type Incoming } from "./pdu-reader.ts";
import { PduWriter } from "./pdu-writer.ts";
import type { FragmentSlice, Pdu } from "./pdu.ts";
import { abortReasonNumber } from "./reasons.ts";

export type ConnectionLimits = {
  /** Longest P-DATA-TF variable field accepted: what we announce. */
  readonly maxPduBytes: number;
  /** ARTIM (PS3.8 section 9.1.5), and the longest total wait for the rest of a PDU that has begun. */
  readonly artimMs: number;
  /** Longest time without the peer taking any of what we send. */
  readonly stallMs: number;
};

export class Connection {
  readonly #socket: Socket;
  readonly #reader: PduReader;
  readonly #writer: PduWriter;
  readonly #artimMs: number;

  constructor(socket: Socket, limits: ConnectionLimits) {
    socket.setNoDelay(true);
    this.#socket = socket;
    this.#reader = new PduReader(socket, limits);
    this.#writer = new PduWriter(socket, limits.stallMs);
    this.#artimMs = limits.artimMs;
  }

  next(waitMs: number): Promise<Incoming> {
    return this.#reader.next(waitMs);
  }

  write(parts: readonly Uint8Array[]): Promise<void> {
    return this.#writer.write(parts);
  }

  send(pdu: Pdu): Promise<void> {
    return this.#writer.write([encodePdu(pdu)]);
  }

  /** Whoever waits on this connection gets `fault` thrown. */
  fail(fault: Error): void {
    this.#reader.fail(fault);
    this.#writer.fail(fault);
  }

  /** A write that waits gets `fault` thrown; reading goes on. */
  failWrites(fault: Error): void {
    this.#writer.fail(fault);
  }

  /** The user's abort: source 0, reason not significant. */
  abortAsUser(): Promise<void> {
    return this.#endWith({ kind: "abort", source: 0, reason: 0 });
  }

  /** The provider's abort, with the reason that the fault carries. */
  abortAsProvider(fault: DimseFault): Promise<void> {
    return this.#endWith({ kind: "abort", source: 2, reason: abortReasonNumber(fault.abortReason) });
  }

  /** The end that a fault calls for: nothing more to a peer that left, the provider's abort for a breach, else the user's. */
  async endBecauseOf(fault: unknown): Promise<void> {
    const code = fault instanceof DimseFault ? fault.code : undefined;
    if (code === "DIMSE_ABORTED" || code === "DIMSE_REJECTED") this.destroy();
    else if (code === "DIMSE_PROTOCOL") await this.abortAsProvider(fault as DimseFault);
    else await this.abortAsUser();
  }

  reject(numbers: { result: number; source: number; reason: number }): Promise<void> {
    return this.#endWith({ kind: "associate-reject", ...numbers });
  }

  replyToRelease(): Promise<void> {
    return this.#endWith({ kind: "release-reply" });
  }

  /** Closes at once. */
  destroy(): void {
    this.#socket.destroy();
  }

  /** Sta13: the last PDU is out, the peer is to close; after ARTIM we do. What still arrives is thrown away. */
  async #endWith(pdu: Pdu): Promise<void> {
    if (this.#socket.writable) this.#socket.write(encodePdu(pdu));
    this.#reader.discard();
    await this.#closedWithin(this.#artimMs);
  }

  #closedWithin(ms: number): Promise<void> {
    if (this.#socket.closed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#socket.destroy(), ms);
      this.#socket.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

/** For PDUs that end a wait for something else: the peer's abort, its close, or what has no place here. */
export function unexpected(incoming: Incoming): Error {
  if (incoming.kind === "closed") return closedFault(incoming.cause);
  if (incoming.kind === "abort") return abortedFault(incoming);
  if (incoming.kind === "fragment") return protocolFault("unexpected-pdu", "an unexpected P-DATA-TF");
  return protocolFault("unexpected-pdu", `an unexpected ${incoming.kind} PDU`);
}

/** The next slice of a message that has begun. @throws DimseFault when anything else comes. */
export async function nextFragment(connection: Connection, waitMs: number): Promise<FragmentSlice> {
  const incoming = await connection.next(waitMs);
  if (incoming.kind !== "fragment") throw unexpected(incoming);
  return incoming;
}
