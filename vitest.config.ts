/** Four kinds of tests by file name: `npm test` runs unit and int, `npm run peers` and `npm run e2e` the others. */
import { defineConfig } from "vitest/config";

const elsewhere = ["**/node_modules/**", "**/dist/**", "**/.cache/**"];
const serviceMs = 120_000;
/** Vitest's own second is short where a disk syncs or a process starts beside other work. */
const poll = { timeout: 15_000 };
/** Nothing to do where the set-up ran before. */
const globalSetup = "packages/tooling/setup/build-simd-engine.mjs";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          globalSetup,
          include: ["packages/**/*.test.{ts,tsx,mjs}"],
          exclude: [...elsewhere, "**/*.int.test.{ts,mjs}", "**/*.peer.test.ts"],
          expect: { poll },
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: "int",
          globalSetup,
          include: ["packages/**/*.int.test.{ts,mjs}"],
          exclude: elsewhere,
          expect: { poll },
          testTimeout: serviceMs,
          hookTimeout: serviceMs,
        },
      },
      {
        test: {
          name: "peer",
          globalSetup,
          include: ["packages/**/*.peer.test.ts"],
          exclude: elsewhere,
          expect: { poll },
          testTimeout: serviceMs,
          hookTimeout: serviceMs,
          // Peers listen on ports and use both cores: one file at a time.
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "e2e",
          globalSetup,
          include: ["e2e/**/*.e2e.ts"],
          exclude: elsewhere,
          expect: { poll },
          testTimeout: serviceMs,
          hookTimeout: serviceMs,
          fileParallelism: false,
        },
      },
    ],
  },
});
