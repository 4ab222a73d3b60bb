import { systemClock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import { digestOf, studyIdOf } from "@releve/domain/ids";
import { execute } from "@releve/ledger/command-handler";
import { studyDecider, type StudyCommand } from "@releve/ledger/deciders/study";
import type { EventLog } from "@releve/ledger/event-log";
import { load } from "@releve/ledger/fold";
import { memoryLog } from "@releve/ledger/memory-log";
import { studyStream } from "@releve/ledger/streams";
import { expect, test, vi } from "vitest";
import type { Action } from "./due-actions.ts";
import { runFlow } from "./run-flow.ts";

const study = studyIdOf("1.2.3");
const policy = { site: "site-a", settle: { silenceMs: 20, limitMs: 1_000 }, destinations: [] };
const context = () => ({ atMs: systemClock.nowMs(), site: "site-a", actor: "test" });
const object = {
  digest: digestOf("object"),
  bytes: 1,
  sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
  sopInstanceUid: "1.2.3.1",
  seriesInstanceUid: "1.2.3.0",
  transferSyntaxUid: "1.2.840.10008.1.2.1",
};

function started(perform: (action: Action) => Promise<void>) {
  const log = memoryLog();
  const tell = (command: StudyCommand) => execute(log, studyStream(study), studyDecider, command, context());
  const stopping = new AbortController();
  const faults: unknown[] = [];
  const done = runFlow(
    {
      log,
      clock: systemClock,
      policy,
      perform,
      lostSites: () => new Map(),
      onUnread: () => {},
      onFault: (_, fault) => faults.push(fault),
    },
    stopping.signal,
  );
  const receive = () => tell({ type: "receive", study, studyInstanceUid: "1.2.3", objects: [object] });
  const settle = async () => {
    const { state } = await load(log, studyStream(study), studyDecider);
    if (state.status === "receiving")
      await tell({ type: "settle", objectsVersion: state.objectsVersion, series: [] });
  };
  const stop = async () => {
    stopping.abort();
    await done;
  };
  return { receive, settle, faults, stop };
}

test("a study that falls silent settles and is then ruled, each once", async () => {
  const performed: string[] = [];
  const flow = started(async (action) => {
    performed.push(action.kind);
    if (action.kind === "settle") await flow.settle();
  });
  await flow.receive();
  await vi.waitUntil(() => performed.includes("rule"), { timeout: 10_000 });
  await flow.stop();
  expect(performed).toEqual(["settle", "rule"]);
});

test("an action that fails is told and tried again", async () => {
  let tries = 0;
  const flow = started(async () => {
    tries += 1;
    if (tries === 1) throw new Fault("STORE_FULL", "no room", "later");
    await flow.settle();
  });
  await flow.receive();
  await vi.waitUntil(() => tries >= 2, { timeout: 10_000 });
  await flow.stop();
  expect(flow.faults).toMatchObject([{ code: "STORE_FULL" }]);
});

test("it stops in the middle of waiting, without an action in hand", async () => {
  const flow = started(async () => {});
  await flow.stop();
  expect(flow.faults).toEqual([]);
});

test("a stream that this version cannot read is left alone and told once; the others go on", async () => {
  const base = memoryLog();
  const others = studyIdOf("4.5.6");
  for (const [stream, studyInstanceUid] of [
    [study, "1.2.3"],
    [others, "4.5.6"],
  ] as const) {
    const receive = { type: "receive", study: stream, studyInstanceUid, objects: [object] } as const;
    await execute(base, studyStream(stream), studyDecider, receive, context());
  }
  const newer = { index: 1, why: "unknown-type", type: "StudyArchived", schema: 1, json: "{}" } as const;
  const log: EventLog = {
    ...base,
    readAll: async function* (after) {
      for await (const commit of base.readAll(after)) {
        yield commit.stream.id === study ? { ...commit, unread: [newer] } : commit;
        yield commit.stream.id === study ? { ...commit, unread: [newer] } : commit;
      }
    },
  };
  const performed: Action[] = [];
  const unread: string[] = [];
  const stopping = new AbortController();
  const done = runFlow(
    {
      log,
      clock: systemClock,
      policy,
      perform: async (action) => void performed.push(action),
      lostSites: () => new Map(),
      onUnread: (stream) => unread.push(stream),
      onFault: () => {},
    },
    stopping.signal,
  );
  await vi.waitUntil(() => performed.length > 0, { timeout: 10_000 });
  stopping.abort();
  await done;
  expect(new Set(performed.map((action) => "study" in action && action.study))).toEqual(new Set([others]));
  expect(unread).toEqual([`study ${study}`]);
});
