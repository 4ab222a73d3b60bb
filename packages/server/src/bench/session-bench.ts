/**
 * From an input to its frame: 512 x 512 of a generated CT of 300 slices, by the node's own door on loopback, the node a
 * process of its own. The page is a socket: what a browser adds to decode and paint is not in it, nor the API's relay.
 */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { decodeFrame, type FrameHeader } from "@releve/wire/session/frame-header";
import type { Attach, ToHost } from "@releve/wire/session/link-messages";
import type { SessionInput } from "@releve/wire/session/session-input";
import type { Viewport } from "@releve/wire/session/view-state";
import { benchRow, type BenchRow } from "./bench-row.ts";

const threads = Math.min(2, availableParallelism());
const runs = 60;
const warmUps = 5;
const size = { width: 512, height: 512 };
const answerMs = 30_000;

type Kind = {
  readonly name: string;
  readonly viewport: Viewport;
  readonly before: readonly SessionInput[];
  readonly input: (run: number) => SessionInput;
};

/** There and back, so that no run leaves the volume. */
const scroll = (run: number): SessionInput => ({
  type: "scroll",
  viewport: "axial",
  mm: run % 40 < 20 ? 2 : -2,
});
const turn = (): SessionInput => ({
  type: "rotate",
  viewport: "volume",
  rightRadians: 0.1,
  downRadians: 0.02,
});
const kinds: readonly Kind[] = [
  { name: "MPR", viewport: "axial", before: [], input: scroll },
  {
    name: "slab MIP of 30 mm",
    viewport: "axial",
    before: [{ type: "slab", slab: { mode: "max", thicknessMm: 30 } }],
    input: scroll,
  },
  { name: "MIP of the whole", viewport: "volume", before: [], input: turn },
  {
    name: "volume rendering",
    viewport: "volume",
    before: [{ type: "volume-mode", mode: "bone" }],
    input: turn,
  },
];

export async function sessionBench(): Promise<BenchRow[]> {
  const node = spawn(
    process.execPath,
    [fileURLToPath(new URL("./session-node.ts", import.meta.url)), String(threads)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    const [url] = await firstLine(node.stdout);
    process.stdout.write(
      `${threads} threads; in motion slabs have half the samples, and a view of the whole a quarter of the pixels too\n`,
    );
    const rows: BenchRow[] = [];
    for (const kind of kinds) rows.push(...(await measured(url!, kind)));
    return rows;
  } finally {
    node.kill("SIGKILL");
  }
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<readonly string[]> {
  for await (const line of createInterface({ input: stream })) return [line];
  throw new Error("the node ended before it listened");
}

async function measured(url: string, { name, viewport, before, input }: Kind): Promise<BenchRow[]> {
  const page = await openPage(url, viewport);
  try {
    for (const one of before) await page.frameOf(one);
    const tookMs: number[] = [];
    const bytes: number[] = [];
    for (let run = -warmUps; run < runs; run++) {
      const startedMs = performance.now();
      const frame = await page.frameOf(input(run + warmUps));
      if (run < 0) continue;
      tookMs.push(performance.now() - startedMs);
      bytes.push(frame.bytes);
    }
    const restMs = await page.rest();
    const shown = `${page.last().plane.columns} x ${page.last().plane.rows}`;
    process.stdout.write(
      `${name}: frames of ${Math.round(bytes.reduce((sum, one) => sum + one, 0) / bytes.length / 1024)} KiB in motion; without loss, ${shown}, ${Math.round(restMs)} ms after the last input's frame\n`,
    );
    const metric = `${name}, input to frame at the page's socket`;
    const alone = { unit: "ms", peerName: "a Cornerstone viewport", withoutPeer: "was not measured" };
    const high = tookMs.toSorted((a, b) => a - b)[Math.ceil(0.95 * tookMs.length) - 1]!;
    return [
      benchRow({ metric: `${metric}, median`, ...alone }, tookMs, []),
      { ...benchRow({ metric: `${metric}, 95th percentile`, ...alone }, [high], []), runs: tookMs.length },
    ];
  } finally {
    page.close();
  }
}

type Frame = { readonly header: FrameHeader; readonly bytes: number };

/** One viewport is shown; the next frame that fits is waited for. */
async function openPage(url: string, viewport: Viewport) {
  const page = randomUUID();
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  let sequence = 0;
  let last: Frame | undefined;
  let wake: (frame: Frame) => void = () => {};
  const say = (message: ToHost) => socket.send(JSON.stringify(message));
  const next = (fits: (frame: Frame) => boolean): Promise<Frame> =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("the node gave no frame")), answerMs);
      wake = (frame) => {
        if (!fits(frame)) return;
        clearTimeout(late);
        resolve(frame);
      };
    });
  socket.addEventListener("open", () =>
    socket.send(
      JSON.stringify({
        type: "attach",
        session: randomUUID(),
        epoch: 1,
        page,
        plan: "0".repeat(64),
        standby: null,
        view: null,
      } satisfies Attach),
    ),
  );
  socket.addEventListener("message", (event) => {
    const { data } = event as { readonly data: string | ArrayBuffer };
    if (typeof data === "string")
      return data.includes('"opened"') ? say({ type: "size", viewport, size }) : undefined;
    const frame = decodeFrame(new Uint8Array(data));
    if (!frame) return undefined;
    last = { header: frame.header, bytes: frame.picture.byteLength };
    say({ type: "painted", frame: frame.header.frame });
    return wake(last);
  });
  await next(({ header }) => header.quality === "rest");
  return {
    last: () => last!.header,
    frameOf: (input: SessionInput): Promise<Frame> => {
      sequence += 1;
      const wanted = next(({ header }) => header.sequence >= sequence);
      say({ type: "input", page, sequence, input });
      return wanted;
    },
    rest: async (): Promise<number> => {
      const startedMs = performance.now();
      await next(({ header }) => header.quality === "rest" && header.sequence >= sequence);
      return performance.now() - startedMs;
    },
    close: () => socket.close(),
  };
}
