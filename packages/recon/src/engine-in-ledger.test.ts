import { expect, test } from "vitest";
import { a1, eventsOf, newWorld, request, result } from "./node-loop.fixture.ts";

test("the engine that really computed is in the completion, with the reason of a fall-back, whatever the node is set up for", async () => {
  const { log, clock, start } = newWorld();
  const engine = "wasm-simd/relaxed, gpu.js/cpu (fallback from webasm: no SIMD)";
  await request(log, 1);
  await start(a1, { engine: "gpu.js/webasm", attempt: async () => ({ ...result, engine }) });
  await clock.advance(5_000);
  expect((await eventsOf(log, 1)).at(-1)).toMatchObject({ type: "JobCompleted", engine });
});
