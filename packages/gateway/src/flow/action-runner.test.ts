import { Fault } from "@releve/domain/fault";
import type { StudyId } from "@releve/domain/ids";
import { expect, test } from "vitest";
import { actionRunner } from "./action-runner.ts";
import type { Action } from "./due-actions.ts";

const never = new AbortController().signal;
const settle = (study: string, home?: string): Action => ({
  kind: "settle",
  study: study as StudyId,
  ...(home === undefined ? {} : { home }),
});

/** A runner whose clock stands still until it is moved, and whose actions fail with the code, or hang without one. */
function runner(code?: string) {
  let nowMs = 0;
  const started: Action[] = [];
  const perform = async (action: Action) => {
    started.push(action);
    if (code === undefined) await new Promise<never>(() => {});
    else throw new Fault(code, "", "later");
  };
  const clock = { nowMs: () => nowMs, wait: async () => {} };
  const { startDue, idle } = actionRunner({ clock, perform, onFault: () => {} }, never);
  return { started, startDue, idle, move: (ms: number) => (nowMs += ms) };
}

/** When the same failing action is started again, tried every second. */
async function startsOf(code: string): Promise<number[]> {
  const { started, startDue, idle, move } = runner(code);
  const atSeconds: number[] = [];
  for (let second = 0; second < 20; second++) {
    const before = started.length;
    startDue({ actions: [settle("one")], nextAtMs: undefined });
    await idle();
    if (started.length > before) atSeconds.push(second);
    move(1_000);
  }
  return atSeconds;
}

test("what fails waits longer each time; where only the ledger was away it goes on soon", async () => {
  expect(await startsOf("SITE_UNREACHABLE")).toEqual([0, 1, 3, 7, 15]);
  expect(await startsOf("LEDGER_UNREACHABLE")).toHaveLength(20);
});

test("studies of a lost site that hang take up their own lane only", async () => {
  const { started, startDue } = runner();
  const far = ["1", "2", "3", "4", "5", "6"].map((study) => settle(study, "site-b"));
  startDue({ actions: [...far, settle("ours")], nextAtMs: undefined });
  await Promise.resolve();
  await Promise.resolve();
  expect(started.map((action) => "study" in action && action.study)).toEqual(["1", "2", "3", "4", "ours"]);
});
