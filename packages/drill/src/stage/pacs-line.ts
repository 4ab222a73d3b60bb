/**
 * The line to the PACS: a TCP relay that every delivery goes through, so that a drill can break it in the middle of one.
 * It relays bytes as they are; where the PACS is down, a connection is closed at once.
 */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { once } from "node:events";

export type PacsLine = {
  readonly port: number;
  /** Each association from now on is torn after `bytes` from the sender, until `whole` is called. */
  readonly tearAfter: (bytes: number) => void;
  readonly whole: () => void;
  /** How many were torn since the line was opened. */
  readonly tornCount: () => number;
  /** Bytes that senders have sent through since the line was opened. */
  readonly sentBytes: () => number;
  readonly close: () => Promise<void>;
};

export async function openPacsLine(host: string, pacsPort: number): Promise<PacsLine> {
  let limitBytes = Infinity;
  let torn = 0;
  let sent = 0;
  const open = new Set<Socket>();
  const server = createServer((sender) => {
    const pacs = connect({ host: "127.0.0.1", port: pacsPort });
    const end = () => (sender.destroy(), pacs.destroy());
    for (const socket of [sender, pacs]) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on("error", end); // the other end sees the same as it would without the line
      socket.on("close", () => (open.delete(socket), end()));
    }
    let passed = 0;
    sender.on("data", (chunk) => {
      passed += chunk.length;
      sent += chunk.length;
      if (passed <= limitBytes) return;
      torn += 1;
      end();
    });
    sender.pipe(pacs);
    pacs.pipe(sender);
  });
  server.listen(0, host);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    tearAfter: (bytes) => void (limitBytes = bytes),
    whole: () => void (limitBytes = Infinity),
    tornCount: () => torn,
    sentBytes: () => sent,
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
