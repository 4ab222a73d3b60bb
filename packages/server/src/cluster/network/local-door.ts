/** A listener of this machine that carries each connection on to another address, over TLS where it is given an identity. */
import { readFileSync } from "node:fs";
import { connect as connectTcp, createServer, type AddressInfo, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { TlsFiles } from "@releve/domain/tls-files";

export type Endpoint = { readonly host: string; readonly port: number };
export type LocalDoor = Endpoint & { readonly close: () => Promise<void> };

/** @param at port 0: any free port. @throws the listener's error, such as EADDRINUSE. */
export async function openLocalDoor(at: Endpoint, to: Endpoint, tls?: TlsFiles): Promise<LocalDoor> {
  const sockets = new Set<Socket>();
  const identity = tls && {
    cert: readFileSync(tls.certFile),
    key: readFileSync(tls.keyFile),
    ca: readFileSync(tls.caFile),
  };
  const server = createServer((caller) => {
    const called = identity ? connectTls({ ...to, ...identity }) : connectTcp(to);
    join(caller, called, sockets);
    join(called, caller, sockets);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(at.port, at.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    host: at.host,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** What one says the other hears; when one goes, so does the other. */
function join(from: Socket, to: Socket, sockets: Set<Socket>): void {
  sockets.add(from);
  from.setNoDelay(true);
  from.pipe(to);
  from.on("error", () => to.destroy()); // the other end sees a connection that broke, as it would without us
  from.once("close", () => {
    sockets.delete(from);
    to.destroySoon(); // after what is still to be written
  });
}
