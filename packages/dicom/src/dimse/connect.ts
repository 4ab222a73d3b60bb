/** Opens the transport connection of an association, plain or TLS, within a time limit. */
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import { DimseFault, timeoutFault } from "./faults.ts";

export type PeerAddress = {
  readonly host: string;
  readonly port: number;
  /** With it the connection is TLS; the server name defaults to `host`. */
  readonly tls?: ConnectionOptions;
};

/** @throws DimseFault DIMSE_UNREACHABLE, DIMSE_TIMEOUT */
export function connectTo(peer: PeerAddress, connectMs: number): Promise<Socket> {
  const { host, port, tls } = peer;
  const socket = tls ? connectTls({ host, port, ...tls }) : connectTcp({ host, port });
  return new Promise((resolve, reject) => {
    const fail = (fault: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject(fault);
    };
    const onError = (cause: Error) =>
      fail(new DimseFault("DIMSE_UNREACHABLE", "the peer cannot be reached", "later", { cause }));
    const timer = setTimeout(() => fail(timeoutFault("the peer does not take the connection")), connectMs);
    socket.once("error", onError);
    socket.once(tls ? "secureConnect" : "connect", () => {
      clearTimeout(timer);
      socket.off("error", onError);
      resolve(socket);
    });
  });
}
