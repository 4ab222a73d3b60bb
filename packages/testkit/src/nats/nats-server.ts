/**
 * A real nats-server for tests: a free loopback port, JetStream in a folder of its own, and the faults that tests need.
 * The binary is $RELEVE_NATS_SERVER, else `nats-server` on PATH. How the product starts its server is told elsewhere: its
 * configuration text can be passed in.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../free-ports.ts";

export type TestNats = {
  readonly url: string;
  readonly port: number;
  /** JetStream's files, for tests that put an older copy back. */
  readonly storeDirectory: string;
  readonly pid: () => number;
  /** Everything stops and answers nothing, as in a frozen virtual machine, until `thaw`. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  readonly kill9: () => Promise<void>;
  /** Stops in an orderly way. */
  readonly stop: () => Promise<void>;
  /** Starts again on the same port and folder; the server must have ended. */
  readonly restart: () => Promise<void>;
  /** Stops it if it runs and removes its folder. */
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

export type NatsConfigText = (place: {
  port: number;
  storeDirectory: string;
  portsDirectory: string;
}) => string;

const plainConfig: NatsConfigText = ({ port, storeDirectory, portsDirectory }) =>
  [
    `listen: "127.0.0.1:${port}"`,
    `ports_file_dir: ${JSON.stringify(portsDirectory)}`,
    `jetstream { store_dir: ${JSON.stringify(storeDirectory)}, sync_interval: always }`,
  ].join("\n");

/** Starts one and waits until it takes connections. @throws Error with the server's own words when it ends instead. */
export async function startNats(config: NatsConfigText = plainConfig): Promise<TestNats> {
  const directory = await mkdtemp(join(tmpdir(), "releve-nats-"));
  const start = (port: number) => startOnce(directory, config, port);
  const [port] = (await freePorts(1)) as [number]; // one that no outgoing connection takes while it is down
  let running = await start(port);
  const signal = (name: NodeJS.Signals) => running.child.kill(name);
  const end = async (name: NodeJS.Signals) => {
    if (hasEnded(running.child)) return;
    const ended = once(running.child, "exit");
    signal("SIGCONT");
    signal(name);
    await ended;
  };
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    storeDirectory: storeIn(directory),
    pid: () => running.child.pid!,
    freeze: () => void signal("SIGSTOP"),
    thaw: () => void signal("SIGCONT"),
    kill9: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
    restart: async () => {
      running = await start(port);
    },
    [Symbol.asyncDispose]: async () => {
      await end("SIGKILL");
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const storeIn = (directory: string) => join(directory, "store");
const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

type Running = { readonly child: ChildProcess; readonly port: number };

async function startOnce(directory: string, config: NatsConfigText, port: number): Promise<Running> {
  const file = join(directory, "nats.conf");
  const storeDirectory = storeIn(directory);
  await writeFile(file, config({ port, storeDirectory, portsDirectory: directory }));
  const child = spawn(natsServerBinary(), ["-c", file], { stdio: ["ignore", "ignore", "pipe"] });
  const words = lastWords(child);
  await Promise.race([once(child, "spawn"), once(child, "error").then(([error]) => Promise.reject(error))]);
  try {
    return { child, port: await readyPort(child, directory) };
  } catch (error) {
    child.kill("SIGKILL");
    throw new Error(`nats-server did not start: ${words()}`, { cause: error });
  }
}

// oxlint-disable-next-line node/no-process-env -- the set-up tells tests in this way where the server is
const natsServerBinary = () => process.env["RELEVE_NATS_SERVER"] ?? "nats-server";

/** Keeps the end of what the server writes, and keeps its pipe empty. */
function lastWords(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-2000);
  });
  return () => text;
}

const readyTriesMax = 2000;

/** The port from the ports file that the server writes when it listens, once it takes a connection there. */
async function readyPort(child: ChildProcess, directory: string): Promise<number> {
  const portsFile = join(directory, `nats-server_${child.pid}.ports`);
  for (let tries = 0; tries < readyTriesMax && !hasEnded(child); tries++) {
    const port = await portIn(portsFile);
    if (port !== undefined && (await takesConnections(port))) return port;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("it never took a connection");
}

async function portIn(portsFile: string): Promise<number | undefined> {
  const text = await readFile(portsFile, "utf8").catch(() => "");
  const url = /nats:\/\/[^"]*:(\d+)/.exec(text)?.[1];
  return url === undefined ? undefined : Number(url);
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    socket.once("data", () => resolve(true) ?? socket.destroy());
    socket.once("error", () => resolve(false));
  });
}
