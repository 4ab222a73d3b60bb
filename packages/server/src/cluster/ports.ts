/** Looks at ports before processes are started on them, so that a taken one is one clear sentence. */
import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";

const listen = (port: number, host: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, host, () => resolve(server));
  });

const close = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

/** Below what the system gives to outgoing connections: one of those may take a port in the moment before it is listened on. */
const [lowestPort, aboveHighestPort] = [20_000, 32_000];
const triesMax = 200;

async function listenAnywhere(host: string, tries = 1): Promise<readonly [number, Server]> {
  const port = randomInt(lowestPort, aboveHighestPort);
  try {
    return [port, await listen(port, host)];
  } catch (error) {
    if (tries >= triesMax) throw error;
    return listenAnywhere(host, tries + 1);
  }
}

/**
 * `count` different ports that nothing listens on at the moment. They are held together, so that none is given twice.
 * @throws the system's error when none of many was free.
 */
export async function freePorts(count: number, host = "127.0.0.1"): Promise<number[]> {
  const held = await Promise.all(Array.from({ length: count }, () => listenAnywhere(host)));
  await Promise.all(held.map(([, server]) => close(server)));
  return held.map(([port]) => port);
}

/** The first of `ports` that something listens on, or undefined. */
export async function firstTaken(ports: readonly number[], host = "127.0.0.1"): Promise<number | undefined> {
  for (const port of ports) {
    const taken = await listen(port, host).then(
      async (server) => (await close(server), false),
      () => true,
    );
    if (taken) return port;
  }
  return undefined;
}
