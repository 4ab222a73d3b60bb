import type { NodeId } from "@releve/domain/ids";
import { refusal } from "@releve/domain/refusal";
import { execute } from "@releve/ledger/command-handler";
import { nodeDecider, type NodeCommand } from "@releve/ledger/deciders/node";
import type { Incarnation } from "@releve/ledger/dispatch/lost-nodes";
import type { Commit, EventLog, Subscription } from "@releve/ledger/event-log";
import { LedgerFault } from "@releve/ledger/faults";
import { load } from "@releve/ledger/fold";
import { nodeStream } from "@releve/ledger/streams";
import { expect, test } from "vitest";
import {
  a1,
  b1,
  command,
  eventsOf,
  free,
  heldAttempt,
  named,
  newWorld,
  request,
  result,
  siteA,
  typesOf,
} from "./node-loop.fixture.ts";

const ofNode = (log: EventLog, { site, node }: Incarnation, what: NodeCommand) =>
  execute(log, nodeStream(site, node), nodeDecider, what, { atMs: 0, site: siteA, actor: "test" });
const stateOf = async (log: EventLog, { site, node }: Incarnation) =>
  (await load(log, nodeStream(site, node), nodeDecider)).state;

test("a node claims into its free slots only and completes each job", async () => {
  const { log, clock, start } = newWorld();
  let atOnce = 0;
  let most = 0;
  const attempt = async () => {
    most = Math.max(most, ++atOnce);
    await clock.wait(5);
    atOnce--;
    return result;
  };
  for (const number of [1, 2, 3, 4, 5]) await request(log, number);
  await start(a1, { attempt, slots: 2 });
  await clock.advance(1_000);
  expect(most).toBe(2);
  for (const number of [1, 2, 3, 4, 5])
    expect(await typesOf(log, number)).toEqual(["JobRequested", "JobClaimed", "JobCompleted"]);
});

test("the urgent job goes first", async () => {
  const { log, clock, start } = newWorld();
  const order: string[] = [];
  await request(log, 1);
  await request(log, 2, { priority: "urgent" });
  await request(log, 3, { priority: "stat" });
  await start(a1, {
    attempt: async (job) => {
      order.push(job.priority);
      return result;
    },
  });
  await clock.advance(1_000);
  expect(order).toEqual(["stat", "urgent", "routine"]);
});

test("what an application refuses is dead-lettered with its reason, not tried again", async () => {
  const { log, clock, start } = newWorld();
  await request(log, 1);
  await start(a1, { attempt: async () => refusal("IRREGULAR_SPACING", "the spacing changes") });
  await clock.advance(500);
  const types = ["JobRequested", "JobClaimed", "JobAttemptFailed", "JobDeadLettered"];
  expect(await typesOf(log, 1)).toEqual(types);
});

test("an application's bug ends the job after its attempts, with its kind and place only, and the node goes on", async () => {
  const { log, clock, start } = newWorld();
  await request(log, 1);
  const node = await start(a1, {
    attempt: async (job) => {
      if (job.job.endsWith("1")) throw new TypeError("MUELLER^ANNA is not a number");
      return result;
    },
  });
  await clock.advance(5_000);
  await request(log, 2);
  await clock.advance(5_000);
  const events = await eventsOf(log, 1);
  expect(events.filter(({ type }) => type === "JobClaimed")).toHaveLength(3);
  expect(events.at(-1)).toMatchObject({ type: "JobDeadLettered", code: "ATTEMPT_BUG" });
  expect(JSON.stringify(events)).toMatch(/TypeError at node-loop.test.ts:\d+/);
  expect(JSON.stringify(events)).not.toContain("MUELLER");
  expect(node.faults).toEqual(["ATTEMPT_BUG", "ATTEMPT_BUG", "ATTEMPT_BUG"]);
  expect((await typesOf(log, 2)).at(-1)).toBe("JobCompleted");
});

test("a job of a lost node is released and finished by another; the zombie says nothing more", async () => {
  const { log, clock, start } = newWorld();
  const frozen = heldAttempt();
  const zombie = await start(a1, { attempt: frozen.attempt });
  await request(log, 1);
  await clock.advance(1_000);
  const other = await start(b1);
  await other.loop.nodeLost(a1, 1_500);
  await clock.advance(1_000);
  frozen.finish();
  await zombie.stop();
  expect(await typesOf(log, 1)).toEqual([
    "JobRequested",
    "JobClaimed",
    "JobReleased",
    "JobClaimed",
    "JobCompleted",
  ]);
});

test("a cancelled job stops where it runs", async () => {
  const { log, clock, start } = newWorld();
  const held = heldAttempt();
  await request(log, 1);
  const node = await start(a1, { attempt: held.attempt });
  await clock.advance(500);
  await command(log, 1, { type: "cancel", reason: "not wanted any more" });
  await clock.advance(0);
  expect(held.dropped).toHaveLength(1);
  expect(await typesOf(log, 1)).toEqual(["JobRequested", "JobClaimed", "JobCancelled"]);
  expect(node.reports.at(-1)?.busy).toBe(0);
});

test("a job that was given up and is asked for again is done, though the node had forgotten it", async () => {
  const { log, clock, start } = newWorld();
  await request(log, 1);
  await command(log, 1, { type: "cancel", reason: "not now" });
  await start(a1);
  await clock.advance(1_000);
  await command(log, 1, { type: "retry", reason: "now" });
  await clock.advance(1_000);
  expect(await typesOf(log, 1)).toEqual([
    "JobRequested",
    "JobCancelled",
    "JobRetried",
    "JobClaimed",
    "JobCompleted",
  ]);
});

test("a node that stops gives its job back and leaves", async () => {
  const { log, clock, start } = newWorld();
  await request(log, 1);
  const node = await start(a1, { attempt: heldAttempt().attempt });
  await clock.advance(500);
  await node.stop();
  expect(await eventsOf(log, 1)).toMatchObject([{}, {}, { type: "JobReleased", reason: "shutdown" }]);
  expect(await stateOf(log, a1)).toMatchObject({ status: "left" });
});

test("a node that was started again takes back what its earlier start held", async () => {
  const { log, clock, start } = newWorld();
  await request(log, 1);
  const { node, site, incarnation } = named("a1", "old");
  await command(log, 1, { type: "claim", node, site, incarnation, epoch: 1, aheadMs: 0 });
  await start(named("a1", "new"));
  await clock.advance(1_000);
  expect(await typesOf(log, 1)).toEqual([
    "JobRequested",
    "JobClaimed",
    "JobReleased",
    "JobClaimed",
    "JobCompleted",
  ]);
});

// ---- Drain

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

// ---- What is too big, and what cannot be read

test("a job too big for every node is dead-lettered once the nodes know each other, and not before", async () => {
  const { log, clock, start } = newWorld();
  await start(a1, { others: [{ ...free(b1), memoryBytes: 2_000 }] });
  await request(log, 1, { needBytes: 2_001 });
  await request(log, 2, { needBytes: 2_000 });
  await clock.advance(29_000);
  expect(await typesOf(log, 1)).toEqual(["JobRequested"]);
  await clock.advance(10_000);
  expect(await eventsOf(log, 1)).toMatchObject([
    {},
    { type: "JobDeadLettered", code: "TOO_BIG_FOR_ANY_NODE" },
  ]);
  expect(await typesOf(log, 2)).toEqual(["JobRequested"]);
});

/** The log as a version would see it that cannot read the first event of these jobs' claims. */
function olderReader(log: EventLog): EventLog {
  const unread = (commit: Commit): Commit => {
    const claim = commit.events.find(({ event }) => event.type === "JobClaimed");
    if (!claim) return commit;
    const what = { index: 0, why: "newer-schema", type: "JobClaimed", schema: 9, json: "{}" } as const;
    return { ...commit, events: [], unread: [what] };
  };
  async function* mapped(commits: AsyncIterable<Commit>) {
    for await (const commit of commits) yield unread(commit);
  }
  const subscribe: EventLog["subscribe"] = (after) => {
    const subscription = log.subscribe(after);
    const commits = mapped(subscription);
    return { [Symbol.asyncIterator]: () => commits, stop: subscription.stop } satisfies Subscription;
  };
  return { ...log, subscribe, readAll: (after) => mapped(log.readAll(after)) };
}

test("a job whose stream cannot be read here is left alone, which is said once", async () => {
  const { log, clock, start } = newWorld();
  const claim = { node: "newer" as NodeId, site: siteA, incarnation: "newer", epoch: 1, aheadMs: 0 };
  for (const number of [1, 2]) {
    await request(log, number);
    await command(log, number, { type: "claim", ...claim });
  }
  const node = await start(a1, { log: olderReader(log) });
  await node.loop.nodeLost({ ...claim, site: siteA }, 1_500);
  await clock.advance(60_000);
  expect(await typesOf(log, 1)).toEqual(["JobRequested", "JobClaimed"]);
  expect(node.faults).toEqual(["JOB_NOT_UNDERSTOOD"]);
});

// ---- The ledger away

test("a completion is said again until the ledger takes it", async () => {
  const { log, state, clock, start } = newWorld();
  const held = heldAttempt();
  await request(log, 1);
  const node = await start(a1, { attempt: held.attempt });
  await clock.advance(500);
  state.away = true;
  held.finish();
  await clock.advance(30_000);
  state.away = false;
  await clock.advance(2_000);
  expect(await typesOf(log, 1)).toEqual(["JobRequested", "JobClaimed", "JobCompleted"]);
  expect(new Set(node.faults)).toEqual(new Set(["LEDGER_UNREACHABLE"]));
});

test("a node that starts without a ledger joins when it comes, and a subscription that breaks is made again", async () => {
  const { log, clock, start } = newWorld();
  let broken = 3;
  const unless = <T>(act: () => T): T => {
    if (broken-- > 0) throw new LedgerFault("LEDGER_REFUSED", "not now");
    return act();
  };
  const flaky: EventLog = {
    ...log,
    readAll: (after) => unless(() => log.readAll(after)),
    subscribe: (after) => {
      const subscription = log.subscribe(after);
      async function* commits() {
        for await (const commit of subscription) yield unless(() => commit);
      }
      const iterator = commits();
      return { [Symbol.asyncIterator]: () => iterator, stop: subscription.stop };
    },
  };
  const node = await start(a1, { log: flaky });
  await clock.advance(5_000);
  broken = 2;
  await request(log, 1);
  await clock.advance(5_000);
  expect(await typesOf(log, 1)).toEqual(["JobRequested", "JobClaimed", "JobCompleted"]);
  expect(node.faults).toHaveLength(5);
});

test("a ledger that is another one than before ends the node", async () => {
  const { log, clock, start } = newWorld();
  let restored = false;
  const node = await start(a1, {
    log: {
      ...log,
      append: async (...call) => {
        if (restored) throw new LedgerFault("LEDGER_RESTORED", "an older backup");
        return log.append(...call);
      },
    },
  });
  await clock.advance(500);
  restored = true;
  await request(log, 1);
  const ended = node.done.catch((error: unknown) => error);
  await clock.advance(500);
  expect(await ended).toMatchObject({ code: "LEDGER_RESTORED" });
});

test("a node that does not hear its own beats claims nothing until it does", async () => {
  const { log, clock, start } = newWorld();
  let hears = false;
  await request(log, 1);
  await start(a1, { hearsItself: () => hears });
  await clock.advance(60_000);
  expect(await typesOf(log, 1)).toEqual(["JobRequested"]);
  hears = true;
  await clock.advance(1_000);
  expect((await typesOf(log, 1)).at(-1)).toBe("JobCompleted");
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

test("a node names the other starts that have held jobs for so long, each once", async () => {
  const { log, clock, start } = newWorld();
  const { node, site, incarnation } = b1;
  for (const number of [1, 2, 3]) await request(log, number);
  for (const number of [1, 2])
    await command(log, number, { type: "claim", node, site, incarnation, epoch: 1, aheadMs: 0 });
  const own = await start(a1, { attempt: heldAttempt().attempt });
  await clock.advance(1_000);
  expect(await typesOf(log, 3)).toEqual(["JobRequested", "JobClaimed"]);
  expect(own.loop.holders(0)).toEqual([b1]);
  expect(own.loop.holders(15_000)).toEqual([]);
  await clock.advance(14_000);
  expect(own.loop.holders(15_000)).toEqual([b1]);
});
