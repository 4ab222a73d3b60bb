/** A node joins, drains and leaves. */
import { execute } from "@releve/ledger/command-handler";
import { nodeDecider, type NodeCommand } from "@releve/ledger/deciders/node";
import type { Incarnation } from "@releve/ledger/dispatch/lost-nodes";
import type { EventLog } from "@releve/ledger/event-log";
import { load } from "@releve/ledger/fold";
import { nodeStream } from "@releve/ledger/streams";
import { expect, test } from "vitest";
import {
  a1,
  b1,
  eventsOf,
  heldAttempt,
  named,
  newWorld,
  request,
  siteA,
  typesOf,
} from "./node-loop.fixture.ts";

const ofNode = (log: EventLog, { site, node }: Incarnation, what: NodeCommand) =>
  execute(log, nodeStream(site, node), nodeDecider, what, { atMs: 0, site: siteA, actor: "test" });
const stateOf = async (log: EventLog, { site, node }: Incarnation) =>
  (await load(log, nodeStream(site, node), nodeDecider)).state;

test("a node that stops gives its job back and leaves", async () => {
  const { log, clock, start } = newWorld();
  await request(log, 1);
  const node = await start(a1, { attempt: heldAttempt().attempt });
  await clock.advance(500);
  await node.stop();
  expect(await eventsOf(log, 1)).toMatchObject([{}, {}, { type: "JobReleased", reason: "shutdown" }]);
  expect(await stateOf(log, a1)).toMatchObject({ status: "left" });
});

test("a drained node finishes what it holds, claims nothing more, says so, and leaves", async () => {
  const { log, clock, start } = newWorld();
  const held = heldAttempt();
  await request(log, 1);
  const node = await start(a1, { attempt: held.attempt });
  await clock.advance(500);
  await ofNode(log, a1, { type: "drain", reason: "new memory" });
  await request(log, 2);
  await clock.advance(60_000);
  expect(node.reports.at(-1)).toMatchObject({ busy: 1, draining: true });
  expect(await typesOf(log, 2)).toEqual(["JobRequested"]);
  held.finish();
  await clock.advance(500);
  await node.done;
  expect((await typesOf(log, 1)).at(-1)).toBe("JobCompleted");
  expect(await stateOf(log, a1)).toMatchObject({ status: "left" });
});

test("a drain that is taken back lets the node claim again; the next start of a drained node claims", async () => {
  const { log, clock, start } = newWorld();
  const held = heldAttempt();
  await request(log, 1);
  const node = await start(a1, { attempt: held.attempt });
  await clock.advance(500);
  await ofNode(log, a1, { type: "drain", reason: "new memory" });
  await clock.advance(500);
  await ofNode(log, a1, { type: "resume" });
  await request(log, 2);
  held.finish();
  await clock.advance(1_000);
  expect((await typesOf(log, 2)).at(-1)).toBe("JobCompleted");
  await ofNode(log, a1, { type: "drain", reason: "new memory" });
  await clock.advance(1_000);
  await node.done;
  await request(log, 3);
  await start(named("a1", "2"));
  await clock.advance(1_000);
  expect((await typesOf(log, 3)).at(-1)).toBe("JobCompleted");
});

test("a node that was declared lost while it lives joins again, and its new claims stay its own", async () => {
  const { log, clock, start } = newWorld();
  const observer = await start(b1, { slots: 0 });
  await start(a1);
  await observer.loop.nodeLost(a1, 1_500);
  await clock.advance(1_000);
  expect(await stateOf(log, a1)).toMatchObject({ status: "alive", incarnation: "a1-1" });
  await request(log, 1);
  await clock.advance(1_000);
  expect(await typesOf(log, 1)).toEqual(["JobRequested", "JobClaimed", "JobCompleted"]);
});

test("a node that has not joined yet offers no slot", async () => {
  const { log, state, clock, start } = newWorld();
  await ofNode(log, a1, { type: "join", ...named("a1", "before"), slots: 1, engine: "test", memoryBytes: 1 });
  state.away = true;
  const node = await start(a1);
  await clock.advance(5_000);
  expect(node.reports.length).toBeGreaterThan(0);
  expect(node.reports.every(({ busy }) => busy === 1)).toBe(true);
  state.away = false;
  await clock.advance(2_000);
  expect(node.reports.at(-1)?.busy).toBe(0);
});
