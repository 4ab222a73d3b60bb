import { expect, test } from "vitest";
import { keyedTurns } from "./keyed-turns.ts";

test("one key takes turns in order, another key does not wait", async () => {
  const turns = keyedTurns(10);
  const order: string[] = [];
  const first = Promise.withResolvers<void>();
  const a = turns.take("a", async () => {
    await first.promise;
    order.push("a1");
  });
  const b = turns.take("a", async () => order.push("a2"));
  await turns.take("b", async () => order.push("b"));
  expect(order).toEqual(["b"]);
  first.resolve();
  await Promise.all([a, b]);
  expect(order).toEqual(["b", "a1", "a2"]);
});

test("a failed turn fails its taker only", async () => {
  const turns = keyedTurns(10);
  const failed = turns.take("a", async () => {
    throw new Error("no");
  });
  const next = turns.take("a", async () => "yes");
  await expect(failed).rejects.toThrow("no");
  expect(await next).toBe("yes");
});

test("too many for one key are turned away, and the key is free again afterwards", async () => {
  const turns = keyedTurns(1);
  const first = Promise.withResolvers<void>();
  const running = turns.take("a", () => first.promise);
  const waiting = turns.take("a", async () => {});
  expect(turns.take("a", async () => {})).toBeUndefined();
  first.resolve();
  await Promise.all([running, waiting]);
  await expect(turns.take("a", async () => 1)).resolves.toBe(1);
});
