/** A node's sessions over a small volume whose every value is known, and a page that speaks to it over a real socket. */
import { systemClock } from "@releve/domain/clock";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { splitSeries } from "@releve/dicom/series/split-series";
import { digestOf, type Digest } from "@releve/domain/ids";
import { encodeVolumePlan } from "@releve/domain/series-split";
import type { PhantomFile } from "@releve/testkit/phantom/part10";
import { decodeFrame, type FrameHeader } from "@releve/wire/session/frame-header";
import { fromHostSchema, type Attach, type FromHost, type ToHost } from "@releve/wire/session/link-messages";
import { decodeText } from "@releve/wire/session/page-messages";
import type { SessionInput } from "@releve/wire/session/session-input";
import { onTestFinished, vi } from "vitest";
import { WebSocket } from "ws";
import type { NamedRunner } from "./hosted-session.ts";
import { SessionHost, type SessionHostOptions } from "./session-host.ts";
import { listenForSessions } from "./session-listener.ts";
import { linkOptions } from "./text-socket.ts";
import { volumeShelf } from "./volume-shelf.ts";

/** The objects of one volume, by digest, and its plan's. */
export function storedVolume(files: readonly PhantomFile[]) {
  const objects = new Map<string, Uint8Array>(files.map(({ bytes }) => [digestOf(bytes), bytes]));
  const parsed = files.map(({ bytes }) => ({ digest: digestOf(bytes), object: parseDicom(bytes) }));
  const planBytes = encodeVolumePlan(splitSeries(parsed).volumes[0]!);
  const plan = digestOf(planBytes);
  objects.set(plan, planBytes);
  const readObject = async (digest: Digest) => {
    const found = objects.get(digest);
    if (!found) throw new Error("no such object");
    return found;
  };
  return { plan, readObject };
}

export type NodeOptions = Partial<Pick<SessionHostOptions, "sessionsMost" | "clock">> & {
  readonly node: string;
  readonly runner: NamedRunner;
  readonly readObject: (digest: Digest) => Promise<Uint8Array>;
  readonly budgetBytes?: number;
};

export async function sessionNode(options: NodeOptions) {
  const { node, runner, readObject, budgetBytes = 2 ** 30 } = options;
  const faults: unknown[] = [];
  const held: number[] = [];
  const sessions = new SessionHost({
    self: { node, site: "site-a" },
    shelf: volumeShelf({ readObject, budgetBytes }),
    // The test's own runner is closed by the test.
    openRunner: async () => ({ ...runner, close: async () => {} }),
    sessionsMost: options.sessionsMost ?? 4,
    clock: options.clock ?? systemClock,
    link: linkOptions(undefined),
    onFault: (error) => void faults.push(error),
    onHeld: (count) => void held.push(count),
  });
  const listener = await listenForSessions({
    host: "127.0.0.1",
    port: 0,
    admits: () => true,
    sessions,
    onFault: (error) => void faults.push(error),
  });
  let isDown = false;
  const kill = async (): Promise<void> => {
    if (isDown) return;
    isDown = true;
    await listener.close();
    sessions.close();
  };
  onTestFinished(kill);
  return { node, site: "site-a", url: listener.url, sessions, faults, held, kill };
}

export type Shown = { readonly header: FrameHeader; readonly picture: Uint8Array };

/** A page of the API's link: it paints at once, and keeps all that it was told. */
export function attachPage(url: string, hello: Omit<Attach, "type">, paints = true) {
  const socket = new WebSocket(url, linkOptions(undefined));
  onTestFinished(() => socket.terminate());
  const messages: FromHost[] = [];
  const frames: Shown[] = [];
  let sequence = 0;
  let code: number | undefined;
  const send = (message: ToHost): void => socket.send(JSON.stringify(message));
  socket.on("error", () => {});
  socket.on("close", (closed) => (code = closed));
  socket.on("open", () => socket.send(JSON.stringify({ type: "attach", ...hello } satisfies Attach)));
  socket.on("message", (data: Buffer, isBinary) => {
    if (!isBinary) return void messages.push(decodeText(fromHostSchema, String(data))!);
    const frame = decodeFrame(Uint8Array.from(data))!;
    frames.push(frame);
    if (paints) send({ type: "painted", frame: frame.header.frame });
  });
  const heard = <Type extends FromHost["type"]>(type: Type) =>
    messages.filter((one): one is Extract<FromHost, { type: Type }> => one.type === type);
  return {
    socket,
    messages,
    frames,
    send,
    heard,
    closed: () => code,
    /** @returns the input's number. */
    input: (input: SessionInput): number => {
      sequence += 1;
      send({ type: "input", page: hello.page, sequence, input });
      return sequence;
    },
    opened: () => vi.waitUntil(() => heard("opened").at(-1), { timeout: 10_000 }),
    frame: (of: (shown: Shown) => boolean) => vi.waitUntil(() => frames.find(of), { timeout: 10_000 }),
  };
}
