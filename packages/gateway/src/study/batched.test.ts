import { systemClock } from "@releve/domain/clock";
import { expect, test } from "vitest";
import { batched } from "./batched.ts";

async function* upTo(count: number) {
  for (let item = 0; item < count; item++) yield item;
}

async function collect(source: AsyncIterable<number>, maxItems: number): Promise<number[][]> {
  const batches: number[][] = [];
  for await (const batch of batched(source, { maxItems, maxWaitMs: 50 }, systemClock)) batches.push(batch);
  return batches;
}

test("a burst becomes full batches, in order, with nothing lost", async () => {
  const batches = await collect(upTo(7), 3);
  expect(batches.flat()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(Math.max(...batches.map((batch) => batch.length))).toBe(3);
});

test("a lonely item does not wait for others", async () => {
  const gate = Promise.withResolvers<void>();
  async function* slow() {
    yield 1;
    await gate.promise;
    yield 2;
  }
  const batches = batched(slow(), { maxItems: 10, maxWaitMs: 5 }, systemClock);
  expect((await batches.next()).value).toEqual([1]);
  gate.resolve();
  expect((await batches.next()).value).toEqual([2]);
  expect((await batches.next()).done).toBe(true);
});

test("what the source throws reaches the reader", async () => {
  async function* broken() {
    yield 1;
    throw new Error("torn");
  }
  await expect(collect(broken(), 10)).rejects.toThrow("torn");
});
