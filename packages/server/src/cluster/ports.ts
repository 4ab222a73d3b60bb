/** Looks at ports before processes are started on them, so that a taken one is one clear sentence. */
import { createServer, type Server } from "node:net";

const listen = (port: number, host: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, host, () => resolve(server));
  });

const close = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("a TCP server has a port");
  return address.port;
}

/** `count` different ports that nothing listens on at the moment. They are held together, so that none is given twice. */
export async function freePorts(count: number, host = "127.0.0.1"): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0, host)));
  const ports = servers.map(portOf);
  await Promise.all(servers.map(close));
  return ports;
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
