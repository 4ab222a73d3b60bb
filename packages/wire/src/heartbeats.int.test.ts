import { startNats, type TestNats } from "@releve/testkit/nats/nats-server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { listenToHeartbeats } from "./heartbeat-listener.ts";
import { startHeartbeats } from "./heartbeat-sender.ts";

let nats: TestNats;
beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => nats[Symbol.asyncDispose]());

const identity = { node: "a1", site: "site-a", incarnation: "first", slots: 1, busy: 0, progress: {} };

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
