/** Some seeds at every `npm test`; the many are `npm run sim`. */
import { expect, test } from "vitest";
import { planOf } from "./scenario/plan.ts";
import { runScenario } from "./scenario/run-scenario.ts";

const [first, count] = [20_000, 60];

test("nothing accepted is lost or done twice, whatever happens", { timeout: 300_000 }, async () => {
  const failed: string[] = [];
  let commits = 0;
  for (let seed = first; seed < first + count; seed++) {
    const verdict = await runScenario(planOf(seed));
    commits += verdict.commits;
    failed.push(...verdict.violations.map((what) => `seed ${seed}: ${what}`));
  }
  expect(failed).toEqual([]);
  expect(commits).toBeGreaterThan(20 * count);
});
