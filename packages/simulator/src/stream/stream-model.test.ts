/** The model of the stream itself: it must lose what a real one loses, and nothing else. */
import { expect, test } from "vitest";
import { goodNetwork, Network } from "../kernel/network.ts";
import { Scheduler } from "../kernel/scheduler.ts";
import { seededRandom } from "../kernel/seeded-random.ts";
import { newTrace } from "../kernel/trace.ts";
import { Cluster } from "./cluster.ts";
import type { PublishAnswer } from "./stream-server.ts";

function threeServers() {
  const scheduler = new Scheduler(newTrace(false));
  const random = seededRandom(7);
  const network = new Network(scheduler, random, goodNetwork);
  const committed: string[] = [];
  const onCommitted = (entry: { message?: { subject: string } }, place: number) => {
    committed[place] ??= entry.message?.subject ?? "";
  };
  const cluster = new Cluster({
    scheduler,
    network,
    random,
    replicas: 3,
    forgetful: false,
    onStep: () => {},
    onCommitted,
  });
  const untilMs = async (ms: number) => void (await scheduler.run(() => false, ms));
  const publish = (id: number, subject: string, expected = 0) => {
    const answers: (PublishAnswer | Error)[] = [];
    const data = new Uint8Array();
    cluster.servers[id]!.publish({ subject, data, id: `${id} ${subject}`, expected }, (answer) =>
      answers.push(answer),
    );
    return answers;
  };
  return { scheduler, network, cluster, committed, untilMs, publish };
}

const cutOff = (network: Network, site: number, others: readonly number[]) => {
  for (const other of others) {
    network.cut(site, other);
    network.cut(other, site);
  }
};

test("a leader that is cut off acknowledges nothing; what it took is gone when the others went on without it", async () => {
  const { network, cluster, committed, untilMs, publish } = threeServers();
  await untilMs(12_000);
  const old = cluster.leader()!;
  const others = [0, 1, 2].filter((id) => id !== old.id);
  cutOff(network, old.id, others);
  const lost = publish(old.id, "lost");
  await untilMs(30_000);
  expect(lost).toEqual([]);
  const leader = cluster.leader()!;
  expect(others).toContain(leader.id);
  const kept = publish(leader.id, "kept");
  await untilMs(31_000);
  expect(kept).toMatchObject([{ duplicate: false }]);
  network.mendAll();
  await untilMs(45_000);
  expect(committed).toContain("kept");
  expect(committed).not.toContain("lost");
});

test("an append whose answer never came may land after the heal", async () => {
  const { network, cluster, committed, untilMs, publish } = threeServers();
  await untilMs(12_000);
  const leader = cluster.leader()!;
  const others = [0, 1, 2].filter((id) => id !== leader.id);
  cutOff(network, leader.id, others);
  publish(leader.id, "late");
  await untilMs(13_500);
  expect(committed).not.toContain("late");
  network.mendAll();
  await untilMs(30_000);
  expect(committed).toContain("late");
});

test("a crash loses what was not fsynced, and nothing that was acknowledged", async () => {
  const { cluster, committed, untilMs, publish } = threeServers();
  await untilMs(12_000);
  const leader = cluster.leader()!;
  const kept = publish(leader.id, "kept");
  await untilMs(12_500);
  expect(kept).toMatchObject([{ duplicate: false }]);
  publish(leader.id, "unsynced");
  for (const { id } of cluster.servers) cluster.crash(id);
  for (const { id } of cluster.servers) cluster.restart(id);
  await untilMs(30_000);
  expect(committed).toContain("kept");
  expect(committed).not.toContain("unsynced");
});

test("who expects another last sequence than the subject has is refused by code", async () => {
  const { cluster, untilMs, publish } = threeServers();
  await untilMs(12_000);
  const { id } = cluster.leader()!;
  publish(id, "subject");
  await untilMs(12_500);
  const refused = publish(id, "subject ", 5);
  expect(refused[0]).toMatchObject({ status: 400 });
});
