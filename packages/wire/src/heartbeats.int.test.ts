import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startNats, type TestNats } from "@releve/testkit/nats/nats-server";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { connectCore } from "./core-connection.ts";
import { listenToHeartbeats } from "./heartbeat-listener.ts";
import { startHeartbeats } from "./heartbeat-sender.ts";
import type { LivenessChange } from "./liveness.ts";

let nats: TestNats;
beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => nats[Symbol.asyncDispose]());

const identity = { node: "a1", site: "site-a", kind: "recon", incarnation: "first", slots: 1 } as const;

test("beats go on while the main loop is blocked, and say so", async () => {
  const lags: number[] = [];
  const sequences: number[] = [];
  const listener = await listenToHeartbeats({
    servers: [nats.url],
    name: "test",
    onBeat: (beat) => {
      lags.push(beat.loopLagMs);
      sequences.push(beat.sequence);
    },
  });
  const sender = startHeartbeats({ ...identity, servers: [nats.url] });
  await sender.beating;
  await vi.waitUntil(() => sequences.length > 0, { timeout: 10_000 });
  const until = performance.now() + 2_500;
  while (performance.now() < until); // nothing else runs in this thread meanwhile
  await vi.waitUntil(() => lags.some((lag) => lag > 1_000), { timeout: 10_000 });
  expect(sequences).toEqual([...sequences.keys()].map((index) => sequences[0]! + index));
  await sender.stop();
  await listener.stop();
});

test("what the node says of itself is in the next beat", async () => {
  const listener = await listenToHeartbeats({ servers: [nats.url], name: "test" });
  const sender = startHeartbeats({ ...identity, node: "a2", servers: [nats.url] });
  sender.update({ busy: 1, progress: { job: 0.5 } });
  const beat = () => listener.liveness().nodes.get("site-a/a2")?.beat;
  await vi.waitUntil(() => beat()?.busy === 1, { timeout: 10_000 });
  expect(beat()?.progress).toEqual({ job: 0.5 });
  await sender.stop();
  await listener.stop();
});

/** The first change of `node` to `to`, whenever it comes. */
const change = (changes: readonly LivenessChange[], node: string, to: string) =>
  vi.waitUntil(() => changes.find((one) => one.node === node && one.to === to), { timeout: 30_000 });

function beatingProcess(node: string, url = nats.url) {
  const file = fileURLToPath(new URL("./heartbeat-sender.fixture.ts", import.meta.url));
  const child = spawn(process.execPath, [file, url, node], { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

test("a process that is killed is lost, one that is started again is another, and the others stay alive", async () => {
  const changes: LivenessChange[] = [];
  const onChange = (one: LivenessChange) => void changes.push(one);
  const listener = await listenToHeartbeats({ servers: [nats.url], name: "test", onChange });
  const own = startHeartbeats({ ...identity, node: "own", servers: [nats.url] });
  const victim = beatingProcess("victim");
  const alive = await change(changes, "victim", "alive");
  await change(changes, "own", "alive");
  const ended = once(victim, "exit");
  victim.kill("SIGKILL");
  await ended;
  const lost = await change(changes, "victim", "lost");
  expect(lost.incarnation).toBe(alive.incarnation);
  expect(listener.liveness().nodes.get("site-a/own")?.status).not.toBe("lost");
  beatingProcess("victim");
  const again = await vi.waitUntil(
    () =>
      changes.find(
        ({ from, incarnation }) =>
          from === "unknown" && incarnation !== lost.incarnation && incarnation !== identity.incarnation,
      ),
    { timeout: 30_000 },
  );
  expect(again).toMatchObject({ node: "victim", to: "alive" });
  await own.stop();
  await listener.stop();
});

test("a message that is no heartbeat, or speaks for another node, is counted and changes nothing", async () => {
  const listener = await listenToHeartbeats({ servers: [nats.url], name: "test" });
  const connection = await connectCore({ servers: [nats.url], name: "forger" });
  const beat = { ...identity, node: "forged", sequence: 1, busy: 0, progress: {}, loopLagMs: 0 };
  connection.publish("heartbeat.site-a.a9", JSON.stringify(beat));
  connection.publish("heartbeat.site-a.forged", "{");
  connection.publish("heartbeat.site-a.forged", JSON.stringify({ ...beat, slots: -1 }));
  await vi.waitUntil(() => listener.ignored() === 3, { timeout: 10_000 });
  expect([...listener.liveness().nodes.keys()]).not.toContain("site-a/forged");
  await connection.close();
  await listener.stop();
});

test("a beat of an older sender is understood: it says nothing of memory, draining and others", async () => {
  const listener = await listenToHeartbeats({ servers: [nats.url], name: "test" });
  const connection = await connectCore({ servers: [nats.url], name: "older" });
  const { kind: _, ...older } = {
    ...identity,
    node: "older",
    sequence: 1,
    busy: 0,
    progress: {},
    loopLagMs: 0,
  };
  connection.publish("heartbeat.site-a.older", JSON.stringify(older));
  const heard = () => listener.liveness().nodes.get("site-a/older");
  await vi.waitUntil(heard, { timeout: 10_000 });
  expect(heard()).toMatchObject({
    status: "alive",
    beat: { kind: "recon", memoryBytes: null, engine: "", draining: false, suspects: null },
  });
  await connection.close();
  await listener.stop();
});

test("two observers: the word of the second rides on its beats", async () => {
  const site = await startNats();
  onTestFinished(() => site[Symbol.asyncDispose]());
  const servers = [site.url];
  const observers = await Promise.all(
    (["site-a", "site-b"] as const).map(async (of) => {
      const own = { site: of, node: "gateway" };
      const sender = startHeartbeats({ ...identity, ...own, kind: "gateway", slots: 0, servers });
      const changes: LivenessChange[] = [];
      const words: (readonly string[] | null)[] = [];
      const listener = await listenToHeartbeats({
        servers,
        name: "test",
        own: { ...own, sender },
        onChange: (one) => void changes.push(one),
        onBeat: (beat) => void (beat.site !== of && beat.kind === "gateway" && words.push(beat.suspects)),
      });
      return { listener, changes, words, stop: () => Promise.all([sender.stop(), listener.stop()]) };
    }),
  );
  const victim = beatingProcess("victim", site.url);
  for (const { changes, words } of observers) {
    await change(changes, "victim", "alive");
    await vi.waitUntil(() => words.some((word) => word?.length === 0), { timeout: 10_000 });
  }
  victim.kill("SIGKILL");
  for (const { changes, words } of observers) {
    await change(changes, "victim", "lost");
    await vi.waitUntil(() => words.some((word) => word?.includes("site-a/victim")), { timeout: 10_000 });
    expect(changes.filter(({ node, to }) => node === "gateway" && to !== "alive")).toEqual([]);
  }
  for (const { stop } of observers) await stop();
});

test("an observer that beats not tells the only process's death from its own deafness by the server's answers", async () => {
  const site = await startNats();
  onTestFinished(() => site[Symbol.asyncDispose]());
  const changes: LivenessChange[] = [];
  const listener = await listenToHeartbeats({
    servers: [site.url],
    name: "test",
    onChange: (one) => void changes.push(one),
  });
  const victim = beatingProcess("victim", site.url);
  await change(changes, "victim", "alive");
  victim.kill("SIGKILL");
  expect(await change(changes, "victim", "lost")).toMatchObject({ from: "suspect", kind: "recon" });
  await listener.stop();
});

test("a process that stops in order is gone at once, one that stops otherwise is lost", async () => {
  const changes: LivenessChange[] = [];
  const onChange = (one: LivenessChange) => void changes.push(one);
  const listener = await listenToHeartbeats({ servers: [nats.url], name: "test", onChange });
  const [orderly, broken] = ["orderly", "broken"].map((node) =>
    startHeartbeats({ ...identity, node, servers: [nats.url] }),
  );
  await change(changes, "orderly", "alive");
  await change(changes, "broken", "alive");
  await Promise.all([orderly!.stop(true), broken!.stop()]);
  await change(changes, "broken", "lost");
  expect(changes.filter(({ node, to }) => node === "orderly" && to !== "alive")).toEqual([]);
  expect([...listener.liveness().nodes.keys()]).not.toContain("site-a/orderly");
  await listener.stop();
});

test("a server that goes away and comes back makes nobody lost, and no beat is heard twice", async () => {
  const own = await startNats();
  onTestFinished(() => own[Symbol.asyncDispose]());
  const changes: LivenessChange[] = [];
  const beats: number[] = [];
  const listener = await listenToHeartbeats({
    servers: [own.url],
    name: "test",
    onChange: (one) => void changes.push(one),
    onBeat: ({ sequence }) => void beats.push(sequence),
  });
  const sender = startHeartbeats({ ...identity, servers: [own.url] });
  await change(changes, "a1", "alive");
  await own.kill9();
  await new Promise((resolve) => setTimeout(resolve, 2_000)); // longer than a node may be silent: that is the case meant
  const before = beats.length;
  await own.restart();
  await vi.waitUntil(() => beats.length > before + 2, { timeout: 30_000 });
  expect(changes.filter(({ to }) => to === "lost")).toEqual([]);
  expect(beats).toEqual([...new Set(beats)].toSorted((a, b) => a - b));
  await sender.stop();
  await listener.stop();
});
