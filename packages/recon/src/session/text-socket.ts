/** A WebSocket between processes: options for both ends, and sending within limits. */
import { readFileSync } from "node:fs";
import type { TlsFiles } from "@releve/domain/tls-files";
import { linkMessageBytesMost } from "@releve/wire/session/link-messages";
import { WebSocket, type ClientOptions, type RawData } from "ws";

const handshakeMs = 2_000;

/** @throws Error when a file cannot be read. */
export function linkOptions(tls: TlsFiles | undefined): ClientOptions {
  return {
    handshakeTimeout: handshakeMs,
    maxPayload: linkMessageBytesMost,
    perMessageDeflate: false,
    ...(tls && {
      cert: readFileSync(tls.certFile),
      key: readFileSync(tls.keyFile),
      ca: readFileSync(tls.caFile),
      minVersion: "TLSv1.3" as const,
    }),
  };
}

/** More than this is waiting in the socket: the other end does not read. */
const waitingBytesMost = 32 * 1024 * 1024;

/** Sends, or ends the link whose other end does not read. */
export function sendOn(socket: WebSocket, data: string | Uint8Array): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  if (socket.bufferedAmount > waitingBytesMost) return socket.terminate();
  socket.send(data);
}

/** @returns undefined for a binary message: between these ends only frames are. */
export const textIn = (data: RawData, isBinary: boolean): string | undefined =>
  isBinary ? undefined : (data as Buffer).toString();
