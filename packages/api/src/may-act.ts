/**
 * Who may change anything from the console: as long as there is no sign-in, who sits at this machine, or who shows a
 * certificate that our authority signed. The one place that says so.
 */
import { TLSSocket } from "node:tls";
import type { Socket } from "node:net";

export function mayAct(socket: { readonly remoteAddress?: Socket["remoteAddress"] | undefined }): boolean {
  if (socket instanceof TLSSocket && socket.authorized) return true;
  return isLoopback(socket.remoteAddress ?? "");
}

const isLoopback = (address: string): boolean => {
  const plain = address.replace(/^::ffff:/, "");
  return plain === "::1" || plain.startsWith("127.");
};
