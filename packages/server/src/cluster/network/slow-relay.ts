/** One process: each datagram goes back after a while, or is lost. Arguments: own port, peer's port, delay in ms, loss 0 to 1. */
import { createSocket } from "node:dgram";

const [ownPort, peerPort, delayMs, loss] = process.argv.slice(2).map(Number) as [
  number,
  number,
  number,
  number,
];
const socket = createSocket({
  type: "udp4",
  recvBufferSize: 4 * 1024 * 1024,
  sendBufferSize: 4 * 1024 * 1024,
});

socket.on("message", (packet) => {
  if (Math.random() < loss) return;
  setTimeout(() => socket.send(packet, peerPort, "127.0.0.1"), delayMs);
});
socket.bind(ownPort, "127.0.0.1", () => process.stdout.write("relaying\n"));
