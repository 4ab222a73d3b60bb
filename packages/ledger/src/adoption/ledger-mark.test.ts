import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock, type Clock } from "@releve/domain/clock";
import type { Uuid } from "@releve/domain/ids";
import { expect, onTestFinished, test } from "vitest";
import type { Position } from "../event-log.ts";
import { openMark, readMark, type LedgerMark } from "./ledger-mark.ts";

async function markFile(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "ledger-mark-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  return join(dir, "gateway", "ledger-mark.json");
}

const at = (position: number): LedgerMark => ({
  epoch: 1,
  position: position as Position,
  eventId: `6f1c1f63-4c55-5f0c-9b6e-5b1f0f6f00${String(position).padStart(2, "0")}` as Uuid,
});

test("the newest is kept and on disk after close, whatever came in between and in what order", async () => {
  const file = await markFile();
  const keeper = await openMark(file, systemClock);
  for (const position of [3, 9, 5, 9]) keeper.saw(at(position));
  expect(keeper.newest()).toEqual(at(9));
  await keeper.close();
  expect(await readMark(file)).toEqual(at(9));
  expect((await openMark(file, systemClock)).newest()).toEqual(at(9));
});

test("the first commit is on disk before any pause, and many within it are one write after it", async () => {
  const file = await markFile();
  const pauses: PromiseWithResolvers<void>[] = [];
  const clock: Clock = {
    nowMs: () => 0,
    wait: (_, signal) => {
      const pause = Promise.withResolvers<void>();
      pauses.push(pause);
      signal?.addEventListener("abort", () => pause.resolve());
      return pause.promise;
    },
  };
  const keeper = await openMark(file, clock);
  keeper.saw(at(1));
  await expect.poll(() => pauses.length).toBe(1);
  expect(await readMark(file)).toEqual(at(1));
  for (let position = 2; position <= 50; position++) keeper.saw(at(position));
  expect(await readMark(file)).toEqual(at(1));
  pauses[0]!.resolve();
  await expect.poll(() => readMark(file)).toEqual(at(50));
  await expect.poll(() => pauses.length).toBe(2);
  pauses[1]!.resolve();
  await keeper.close();
  expect(pauses).toHaveLength(2);
});

test("an adopted ledger starts again below", async () => {
  const file = await markFile();
  const keeper = await openMark(file, systemClock);
  keeper.saw(at(40));
  keeper.startFrom({ ...at(7), epoch: 2 });
  await keeper.close();
  expect(await readMark(file)).toEqual({ ...at(7), epoch: 2 });
});

test("a file that is no mark is a fault, not a ledger without a past", async () => {
  const file = await markFile();
  const keeper = await openMark(file, systemClock);
  keeper.saw(at(1));
  await keeper.close();
  await writeFile(file, (await readFile(file, "utf8")).slice(0, 10));
  await expect(readMark(file)).rejects.toMatchObject({ code: "LEDGER_MARK_DAMAGED", retry: "never" });
});
