import { expect, test } from "vitest";
import { everyKill, killedAt } from "./every-step.ts";

/** All of them are `npm run sim -- --every-step`. */
const every = 61;

test(
  "a process killed at any of its steps loses nothing and does nothing twice",
  { timeout: 300_000 },
  async () => {
    const kills = await everyKill();
    expect(new Set(kills.map(({ process }) => process))).toEqual(
      new Set(["a1", "b1", "gateway-a", "gateway-b", "gateway-c", "ledger-0", "ledger-1", "ledger-2"]),
    );
    const failed: string[] = [];
    for (const kill of kills.filter((_, index) => index % every === 0)) {
      const { violations } = await killedAt(kill);
      failed.push(...violations.map((what) => `${kill.process} at ${kill.step}: ${what}`));
    }
    expect(failed).toEqual([]);
  },
);
