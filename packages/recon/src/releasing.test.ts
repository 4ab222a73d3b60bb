/** What a lost node, or an earlier start, held. */
import { expect, test } from "vitest";
import { a1, b1, command, heldAttempt, named, newWorld, request, typesOf } from "./node-loop.fixture.ts";

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
