/** A listener that asks for certificates takes only those whose certificate names somebody it has to do with. */
import type { EventEmitter } from "node:events";
import type { TLSSocket } from "node:tls";

/** Told the URIs that the peer's certificate names. */
export type Admits = (uris: readonly string[]) => boolean;

/** Anybody else gets no further than the handshake. A server without TLS, which stays on loopback, takes everybody. */
export function admitPeers(server: EventEmitter, admits: Admits): void {
  server.on("secureConnection", (socket: TLSSocket) => {
    if (!admits(urisOf(socket))) socket.destroy();
  });
}

/** The subject alternative names of the kind URI. They are ours, so none holds a comma. */
function urisOf(socket: TLSSocket): readonly string[] {
  const names = socket.getPeerX509Certificate()?.subjectAltName ?? "";
  return names.split(", ").flatMap((name) => (name.startsWith("URI:") ? [name.slice("URI:".length)] : []));
}
