import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import { digestOf } from "@releve/domain/ids";
import { expect, test } from "vitest";
import { readPatiently } from "./read-patiently.ts";

const away = new Fault("SITE_UNREACHABLE", "nobody there", "later");

function reading(answers: (call: number) => Uint8Array | Fault, abortAt = Infinity) {
  let nowMs = 0;
  let calls = 0;
  const aborting = new AbortController();
  const clock: Clock = {
    nowMs: () => nowMs,
    wait: async (ms) => {
      nowMs += ms;
    },
  };
  const read = readPatiently(
    async () => {
      calls += 1;
      if (calls >= abortAt) aborting.abort();
      const answer = answers(calls);
      if (answer instanceof Fault) throw answer;
      return answer;
    },
    { clock, signal: aborting.signal },
  );
  return { read: () => read(digestOf("input")), calls: () => calls, nowMs: () => nowMs };
}

test("an input whose sites are away is waited for", async () => {
  const { read, nowMs } = reading((call) => (call < 20 ? away : Uint8Array.of(1)));
  expect(await read()).toEqual(Uint8Array.of(1));
  expect(nowMs()).toBe(9_500);
});

test("not for ever", async () => {
  const { read, nowMs } = reading(() => away);
  await expect(read()).rejects.toBe(away);
  expect(nowMs()).toBe(120_000);
});

test("not once the attempt is aborted", async () => {
  const { read, calls } = reading(() => away, 3);
  await expect(read()).rejects.toBe(away);
  expect(calls()).toBe(3);
});

test("an input that no site has is no reason to wait", async () => {
  const missing = new Fault("OBJECT_MISSING", "not here", "later");
  const { read, calls } = reading(() => missing);
  await expect(read()).rejects.toBe(missing);
  expect(calls()).toBe(1);
});
