import { expect, test } from "vitest";
import { byteBudget } from "./byte-budget.ts";

test("tasks wait for room in their order, and one larger than everything runs alone", async () => {
  const budget = byteBudget(10);
  const order: string[] = [];
  const take = (name: string, bytes: number) =>
    budget.take(bytes).then((giveBack) => {
      order.push(name);
      return giveBack;
    });
  const a = await take("a", 6);
  const huge = take("huge", 1000);
  const b = take("b", 1);
  expect(order).toEqual(["a"]);
  a();
  const giveBackHuge = await huge;
  expect(order).toEqual(["a", "huge"]);
  giveBackHuge();
  await b;
  expect(order).toEqual(["a", "huge", "b"]);
});
