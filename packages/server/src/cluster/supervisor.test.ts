import { expect, test } from "vitest";
import type { Environment } from "../config/read-settings.ts";
import type { Child } from "./child.ts";
import { Supervisor, type Supervised } from "./supervisor.ts";

/** Pauses end at once: what is asked is who starts what, not when. */
const clock = { nowMs: () => 0, wait: async () => {} };

/** A process that lives until it is killed, and remembers with which extra settings each of its starts was. */
function fakeProcess(name: string) {
  const starts: Environment[] = [];
  let die: (how: string) => void = () => {};
  const start = async (_: AbortSignal, extra: Environment): Promise<Child> => {
    starts.push(extra);
    const gone = new Promise<string>((resolve) => (die = resolve));
    const kill = (signal: NodeJS.Signals) => die(signal);
    return { pid: starts.length, gone, kill, stop: async () => void (die("stopped"), await gone) };
  };
  const supervised: Supervised = { name, start };
  return { supervised, starts, die: (how: string) => die(how) };
}

function supervisorOf() {
  const said: string[] = [];
  return { supervisor: new Supervisor({ clock, say: (sentence) => said.push(sentence) }), said };
}

test("a process that dies by itself is started again, and somebody is told", async () => {
  const { supervisor, said } = supervisorOf();
  const process = fakeProcess("a1");
  await supervisor.start([process.supervised]);
  process.die("SIGSEGV");
  await expect.poll(() => supervisor.pidOf("a1")).toBe(2);
  expect(said).toEqual(["a1 died (SIGSEGV) and is started again"]);
  await supervisor.stop();
  expect(supervisor.pidOf("a1")).toBeUndefined();
});

test("one that is nobody's to attend stays down, and so does one that was killed for good", async () => {
  const { supervisor, said } = supervisorOf();
  const [left, killed] = [fakeProcess("a1"), fakeProcess("a2")];
  await supervisor.start([left.supervised, killed.supervised]);
  supervisor.attend("a1", false);
  left.die("SIGKILL");
  await supervisor.killForGood("a2");
  await expect.poll(() => [supervisor.pidOf("a1"), supervisor.pidOf("a2")]).toEqual([undefined, undefined]);
  expect([left.starts.length, killed.starts.length, said]).toEqual([1, 1, []]);
});

test("what is given at a start is kept for the restarts after it, until the next start", async () => {
  const { supervisor } = supervisorOf();
  const process = fakeProcess("a1");
  await supervisor.start([process.supervised]);
  await supervisor.killForGood("a1");
  await supervisor.startAgain(process.supervised, { RELEVE_SLOTS: "2" });
  process.die("SIGKILL");
  await expect.poll(() => process.starts.length).toBe(3);
  await supervisor.killForGood("a1");
  await supervisor.startAgain(process.supervised);
  expect(process.starts).toEqual([{}, { RELEVE_SLOTS: "2" }, { RELEVE_SLOTS: "2" }, {}]);
});

test("a process that runs, or is being started, is not started twice", async () => {
  const { supervisor } = supervisorOf();
  const process = fakeProcess("a1");
  await Promise.all([supervisor.startAgain(process.supervised), supervisor.startAgain(process.supervised)]);
  await supervisor.startAgain(process.supervised);
  expect(process.starts).toHaveLength(1);
});
