import { expect, test } from "vitest";
import { runsToDo } from "./runs-to-do.ts";

test("a set goes on where it stopped, and grows when more runs are asked for", () => {
  const done = [
    { fault: "kill-node", run: 1 },
    { fault: "kill-node", run: 3 },
    { fault: "lose-site", run: 2 },
  ];
  expect(runsToDo(["kill-node", "kill-api"], 3, done).map(({ fault, run }) => `${fault} ${run}`)).toEqual([
    "kill-node 2",
    "kill-api 1",
    "kill-api 2",
    "kill-api 3",
  ]);
  expect(runsToDo(["kill-node"], 1, done)).toEqual([]);
});
