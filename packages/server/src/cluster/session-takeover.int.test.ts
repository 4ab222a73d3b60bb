/** An interactive session on the real processes: frames, an annotation, SIGKILL of its node, and the same picture at the standby. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import { decodeFrame, type FrameHeader } from "@releve/wire/session/frame-header";
import { decodeText, hostMessageSchema, type HostMessage } from "@releve/wire/session/page-messages";
import type { SessionInput } from "@releve/wire/session/session-input";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import type { AppRouter } from "@releve/api/router";
import { expect, onTestFinished, test, vi } from "vitest";
import { localTarget, sendStudy } from "../demo/send-study.ts";
import { generatedFiles } from "../demo/source-files.ts";
import { studiesOf } from "../demo/summary.ts";
import { watchWork } from "../demo/watch-work.ts";
import { systemClock } from "@releve/domain/clock";
import { freePorts } from "./ports.ts";
import { startCluster } from "./start-cluster.ts";
import { portCount, portsFrom, webUrlOf } from "./topology.ts";

const waits = { timeout: 60_000, interval: 20 };

async function aCluster() {
  const dataDir = await mkdtemp(join(tmpdir(), "releve-sessions-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }));
  const cluster = await startCluster({
    dataDir,
    ports: portsFrom(await freePorts(portCount)),
    consoleDir: join(dataDir, "no-console"),
    settleSilenceMs: 500,
    say: () => {},
    onStarted: () => {},
  });
  onTestFinished(cluster.stop);
  return cluster;
}

/** A page without a browser: it paints at once, and says again what is not known to survive. */
function openPage(url: string, session: string) {
  const page = randomUUID();
  const socket = new WebSocket(`${url.replace("http", "ws")}/session/${session}/stream`);
  socket.binaryType = "arraybuffer";
  onTestFinished(() => socket.close());
  const messages: (HostMessage & { atMs: number })[] = [];
  const frames: { header: FrameHeader; bytes: Uint8Array; atMs: number }[] = [];
  let sequence = 0;
  const say = (message: object) => socket.send(JSON.stringify(message));
  const sizes = () => {
    for (const viewport of ["axial", "volume"])
      say({ type: "size", viewport, size: { width: 128, height: 128 } });
  };
  socket.addEventListener("open", () => say({ type: "hello", page }));
  socket.addEventListener("message", ({ data }) => {
    const atMs = performance.now();
    if (typeof data === "string") {
      const message = decodeText(hostMessageSchema, data)!;
      messages.push({ ...message, atMs });
      if (message.type === "opened") sizes();
      return;
    }
    const { header, picture } = decodeFrame(new Uint8Array(data as ArrayBuffer))!;
    frames.push({ header, bytes: picture, atMs });
    say({ type: "painted", frame: header.frame });
  });
  const heard = <T extends HostMessage["type"]>(type: T) =>
    messages.filter((one): one is Extract<HostMessage, { type: T }> & { atMs: number } => one.type === type);
  const input = (of: SessionInput) => say({ type: "input", page, sequence: (sequence += 1), input: of });
  return { messages, frames, heard, input, last: () => sequence };
}

const annotation = {
  id: randomUUID(),
  viewport: "axial",
  kind: "length",
  pointsLps: [
    [0, 0, 0],
    [30, 40, 0],
  ],
} as const;

test("a session is opened, outlives its node with the last annotation, and the ledger tells of it", async () => {
  const cluster = await aCluster();
  const { index } = await watchWork(cluster.log, systemClock, () => {}).then((watch) => {
    onTestFinished(watch.stop);
    return watch;
  });
  const files = generatedFiles(ctPhantom({ slices: 24, columns: 96, rows: 96 }));
  await sendStudy(localTarget(cluster.ports.sites["site-a"].dimse, "MODALITY"), files, () => {});
  const [study] = await vi.waitUntil(() => {
    const settled = studiesOf(index).filter(({ series }) => series.some(({ volumes }) => volumes.length > 0));
    return settled.length > 0 ? settled : undefined;
  }, waits);
  const url = webUrlOf(cluster.ports.sites["site-a"].console);
  const api = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: `${url}/trpc` })] });
  const plan = study!.series.flatMap(({ volumes }) => volumes)[0]!.plan;
  const opened = await vi.waitUntil(async () => {
    const answer = await api.sessions.open.mutate({ study: study!.study, plan });
    return "refused" in answer ? undefined : answer;
  }, waits);

  const page = openPage(url, opened.session);
  await vi.waitUntil(() => page.heard("opened").length > 0, waits);
  const { host, standby } = page.heard("opened")[0]!;
  expect(host.site).toBe("site-a");
  expect(standby?.site).toBe("site-b");
  page.input({ type: "scroll", viewport: "axial", mm: 3 });
  page.input({ type: "annotate", annotation });
  await vi.waitUntil(
    () => page.heard("kept").some(({ by, sequence }) => by === "standby" && sequence === page.last()),
    waits,
  );
  await vi.waitUntil(
    () => page.heard("kept").some(({ by, sequence }) => by === "ledger" && sequence === page.last()),
    waits,
  );
  const atRest = (epoch: number) =>
    vi.waitUntil(
      () =>
        page.frames.find(
          ({ header: { viewport, quality, ...header } }) =>
            viewport === "axial" &&
            quality === "rest" &&
            header.epoch === epoch &&
            header.sequence === page.last(),
        ),
      waits,
    );
  const before = await atRest(1);

  const killedMs = performance.now();
  await cluster.supervisor.killForGood(host.node);
  const after = await vi.waitUntil(
    () => page.frames.find(({ header }) => header.epoch === 2 && header.viewport === "axial"),
    waits,
  );
  process.stdout.write(`node killed: the picture was back after ${Math.round(after.atMs - killedMs)} ms\n`);
  const again = page.heard("opened").at(-1)!;
  expect(again).toMatchObject({ epoch: 2, host: standby });
  expect(again.view.annotations).toEqual([annotation]);
  const rest = await atRest(2);
  expect(rest.header.plane).toEqual(before.header.plane);
  expect(rest.bytes).toEqual(before.bytes);

  const ofSession = () =>
    index.all
      .map(({ event }) => event)
      .filter((event) => "session" in event && event.session === opened.session);
  const types = () => ofSession().map(({ type }) => type);
  await vi.waitUntil(() => types().includes("SessionMoved"), waits);
  expect(types()).toEqual(expect.arrayContaining(["SessionOpened", "SessionViewSaved", "SessionAnnotated"]));
  expect(ofSession().find(({ type }) => type === "SessionMoved")).toMatchObject({ epoch: 2, host: standby });

  // Another page at the other site sees the same session.
  const elsewhere = openPage(webUrlOf(cluster.ports.sites["site-b"].console), opened.session);
  await vi.waitUntil(() => elsewhere.heard("opened").length > 0, waits);
  expect(elsewhere.heard("opened")[0]!.view.annotations).toEqual([annotation]);
});
