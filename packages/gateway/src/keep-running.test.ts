import { systemClock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import { onAbort } from "@releve/domain/on-abort";
import { expect, test } from "vitest";
import { keepRunning } from "./keep-running.ts";

const clock = { ...systemClock, wait: () => systemClock.wait(1) };
const untilAborted = (signal: AbortSignal) => new Promise<void>((resolve) => onAbort(signal, resolve));

test("a fault that passes ends all parts and starts them again", async () => {
  const stopping = new AbortController();
  const faults: string[] = [];
  let starts = 0;
  let ended = 0;
  const parts = () => {
    starts += 1;
    const failing = async () => {
      if (starts === 1) throw new Fault("LEDGER_UNREACHABLE", "away", "later");
      stopping.abort();
    };
    const other = async (signal: AbortSignal) => {
      await untilAborted(signal);
      ended += 1;
    };
    return [failing, other];
  };
  await keepRunning(parts, { clock, onFault: (fault) => faults.push(fault.code) }, stopping.signal);
  expect([starts, ended, faults]).toEqual([2, 2, ["LEDGER_UNREACHABLE"]]);
});

test("a bug ends it, and so does a fault that does not pass", async () => {
  const failing = (error: Error) => async () => {
    throw error;
  };
  const run = (error: Error) =>
    keepRunning(() => [failing(error)], { clock, onFault: () => {} }, new AbortController().signal);
  await expect(run(new TypeError("bug"))).rejects.toThrow("bug");
  await expect(run(new Fault("LEDGER_SERVER_TOO_OLD", "old", "never"))).rejects.toThrow("old");
});
