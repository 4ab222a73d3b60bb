/**
 * Who may change anything from the console: as long as there is no sign-in, who sits at this machine, or who shows the
 * operator's certificate; those of nodes and gateways open nothing here. The one place that says so.
 */
import { TLSSocket } from "node:tls";
import type { Socket } from "node:net";

/** @param operatorUri the name in the operator's certificate; its authority was checked when the connection was made. */
export function mayAct(
  socket: { readonly remoteAddress?: Socket["remoteAddress"] | undefined },
  operatorUri: string,
): boolean {
  if (!(socket instanceof TLSSocket)) return isLoopback(socket.remoteAddress ?? "");
  if (!socket.authorized) return false;
  const names = socket.getPeerCertificate().subjectaltname ?? "";
  return names.split(", ").includes(`URI:${operatorUri}`);
}

const isLoopback = (address: string): boolean => {
  const plain = address.replace(/^::ffff:/, "");
  return plain === "::1" || plain.startsWith("127.");
};
