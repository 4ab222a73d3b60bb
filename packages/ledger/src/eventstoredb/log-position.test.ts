import { expect, test } from "vitest";
import type { Position } from "../event-log.ts";
import { logPositionOf, positionOf } from "./log-position.ts";

const at = (commit: bigint) => ({ position: { commit, prepare: commit } });
const fault = (code: string) => expect.objectContaining({ code }) as Error;

test("positions keep the log's order and go back to it exactly, up to 2^53 bytes of log", () => {
  const last = BigInt(Number.MAX_SAFE_INTEGER);
  const offsets = [0n, 1n, 1n << 40n, last - 1n, last];
  const positions = offsets.map((commit) => positionOf(at(commit)));
  expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  expect(positions.map(logPositionOf)).toEqual(offsets.map((commit) => ({ commit, prepare: commit })));
});

test("beyond that it refuses instead of rounding", () => {
  expect(() => positionOf(at(2n ** 53n))).toThrow(fault("LEDGER_REFUSED"));
});

test("a server that does not tell positions is too old", () => {
  expect(() => positionOf({})).toThrow(fault("LEDGER_SERVER_TOO_OLD"));
  expect(() => positionOf(at(2n ** 64n - 1n))).toThrow(fault("LEDGER_SERVER_TOO_OLD"));
});

test("where to go on lies at the commit's last event, whose prepare offset may be lower", () => {
  const position = positionOf({ position: { commit: 500n, prepare: 420n } });
  expect(logPositionOf(position)).toEqual({ commit: 500n, prepare: 500n });
  expect(position).toBe(500 as Position);
});
