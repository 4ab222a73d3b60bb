import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { openPacsLine } from "./pacs-line.ts";

/** Answers each chunk with its length. */
async function pacs(): Promise<number> {
  const server = createServer((socket) => socket.on("data", (chunk) => socket.write(`${chunk.length};`)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function line() {
  const opened = await openPacsLine("127.0.0.1", await pacs());
  onTestFinished(opened.close);
  return opened;
}

test("what is whole goes both ways", async () => {
  const { port, tornCount } = await line();
  const socket = connect({ host: "127.0.0.1", port });
  socket.write("hello");
  const [answer] = await once(socket, "data");
  expect(String(answer)).toBe("5;");
  expect(tornCount()).toBe(0);
  socket.destroy();
});

test("a torn line ends the association once enough was sent, and only until it is whole again", async () => {
  const { port, tearAfter, whole, tornCount } = await line();
  tearAfter(100);
  const socket = connect({ host: "127.0.0.1", port });
  socket.on("error", () => {}); // a reset is what is wanted
  socket.write(Buffer.alloc(101));
  await once(socket, "close");
  expect(tornCount()).toBe(1);
  whole();
  const again = connect({ host: "127.0.0.1", port });
  again.write(Buffer.alloc(101));
  await once(again, "data");
  again.destroy();
});
