/** Ports of loopback for servers that tests start. */
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** Below what the system gives to outgoing connections: one of those may take a port in the moment before it is listened on. */
const [lowestPort, aboveHighestPort] = [20_000, 32_000];
const triesMax = 200;

async function listenAnywhere(tries = 1): Promise<readonly [number, Server]> {
  const port = randomInt(lowestPort, aboveHighestPort);
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
    return [port, server];
  } catch (error) {
    if (tries >= triesMax) throw error;
    return listenAnywhere(tries + 1);
  }
}

/** They are free at this moment; all of them are held at once, so that no two are the same. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held = await Promise.all(Array.from({ length: count }, () => listenAnywhere()));
  await Promise.all(held.map(([, server]) => once(server.close(), "close")));
  return held.map(([port]) => port);
}
