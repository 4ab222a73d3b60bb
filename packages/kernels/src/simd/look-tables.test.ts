import { expect, test } from "vitest";
import { look } from "../random-view.fixture.ts";
import { fillLookTables } from "./look-tables.ts";
import { createMemory, planMemory } from "./memory-plan.ts";

const stored = { values: new Int16Array(8), unsigned: false, intercept: -1000, gapLow: 1, gapHigh: 0 };
const points = [
  { value: 150, rgb: [1, 0, 0] as const, opacityPerMm: 0 },
  { value: 400, rgb: [1, 1, 0] as const, opacityPerMm: 1 },
];

test.each([1, -1])(
  "what lies below a look that begins to absorb at its first point does not absorb, slope %d",
  (slope) => {
    const plan = planMemory(2, 2, 2)!;
    const memory = createMemory(plan);
    const { low, scale } = fillLookTables(memory, plan, { ...stored, slope }, { ...look, points }, 1);
    const absorbs = new Uint8Array(memory.buffer, plan.absorbs, 8194);
    const at = (real: number) =>
      absorbs[Math.trunc(Math.min(Math.max(((real + 1000) / slope - low) * scale, 0), 8192))];
    expect([-1000, 0, 149].map(at)).toEqual([0, 0, 0]);
    expect([151, 400, 3000].map(at)).toEqual([1, 1, 1]);
  },
);
