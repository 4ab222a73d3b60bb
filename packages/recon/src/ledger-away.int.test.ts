/** A node on a real nats-server that is killed in the middle of its work and comes back. */
import { systemClock } from "@releve/domain/clock";
import type { JobRequest } from "@releve/ledger/events/job";
import { openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { startNats } from "@releve/testkit/nats/nats-server";
import { expect, onTestFinished, test, vi } from "vitest";
import { a1, a2, command, eventsOf, request, result, startNode, typesOf } from "./node-loop.fixture.ts";

test("with the ledger gone a node finishes its job, starts a lost node's, and both are told when it is back", async () => {
  const nats = await startNats();
  onTestFinished(() => nats[Symbol.asyncDispose]());
  const servers = [nats.url];
  const [log, observer] = await Promise.all([
    openJetStreamLog({ servers, name: "node:a2" }),
    openJetStreamLog({ servers, name: "test" }),
  ]);
  onTestFinished(async () => void (await Promise.all([log.close(), observer.close()])));
  const gone = Promise.withResolvers<void>();
  const started: string[] = [];
  const attempt = async ({ job }: JobRequest) => {
    started.push(job);
    await gone.promise;
    return result;
  };
  await request(observer, 1);
  const { node, site, incarnation } = a1;
  await command(observer, 1, { type: "claim", node, site, incarnation, epoch: log.epoch, aheadMs: 0 });
  await request(observer, 2);
  const own = startNode(a2, { log, clock: systemClock, attempt, slots: 2 });
  onTestFinished(() => own.stop());
  await vi.waitUntil(() => started.length === 1, { timeout: 20_000 });

  await nats.kill9();
  const lost = own.loop.nodeLost(a1, 1_500);
  expect(started).toHaveLength(2);
  gone.resolve();
  await new Promise((resolve) => setTimeout(resolve, 2_000)); // the case meant: the ledger is away for longer than a moment
  await nats.restart();
  await lost;

  const completed = async (number: number) => (await typesOf(observer, number)).includes("JobCompleted");
  await vi.waitUntil(async () => (await completed(1)) && (await completed(2)), { timeout: 60_000 });
  expect(await typesOf(observer, 2)).toEqual(["JobRequested", "JobClaimed", "JobCompleted"]);
  const events = await eventsOf(observer, 1);
  expect(events.map(({ type }) => type)).toEqual([
    "JobRequested",
    "JobClaimed",
    "JobReleased",
    "JobClaimed",
    "JobCompleted",
  ]);
  expect(events[3]).toMatchObject({ node: "a2" });
  expect((events[3] as { readonly aheadMs: number }).aheadMs).toBeGreaterThan(1_500);
});
