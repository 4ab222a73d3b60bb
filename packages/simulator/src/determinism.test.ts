/** The same seed gives the same trace: here, and in another process. */
import { expect, test } from "vitest";
import { startSeedChild } from "./command/seed-child.ts";
import { planOf } from "./scenario/plan.ts";
import { runScenario } from "./scenario/run-scenario.ts";

const seeds = [11, 12, 13, 14];

async function digestsHere(): Promise<string> {
  const digests: string[] = [];
  for (const seed of seeds) digests.push((await runScenario(planOf(seed))).digest);
  return digests.join();
}

test("a seed's trace is the same again, and in another process", { timeout: 120_000 }, async () => {
  const first = await digestsHere();
  expect(await digestsHere()).toBe(first);
  const child = startSeedChild();
  const order = { from: seeds[0]!, to: seeds.at(-1)! + 1, stopAtFailure: false, keepTrace: false };
  const elsewhere = await child.run(order, 60_000).finally(() => child.end());
  expect(elsewhere.digests).toBe(first);
});

test(
  "another seed gives another trace, and keeping the lines changes nothing",
  { timeout: 120_000 },
  async () => {
    const plain = await runScenario(planOf(11));
    const kept = await runScenario(planOf(11), { keepTrace: true });
    expect(kept.digest).toBe(plain.digest);
    expect(kept.trace.length).toBeGreaterThan(10);
    expect((await runScenario(planOf(12))).digest).not.toBe(plain.digest);
  },
);
