/** What a node does where the ledger is away, broken, another one, or holds what it cannot read. */
import type { NodeId } from "@releve/domain/ids";
import type { Commit, EventLog, Subscription } from "@releve/ledger/event-log";
import { LedgerFault } from "@releve/ledger/faults";
import { expect, test } from "vitest";
import { a1, command, heldAttempt, newWorld, request, siteA, typesOf } from "./node-loop.fixture.ts";

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
