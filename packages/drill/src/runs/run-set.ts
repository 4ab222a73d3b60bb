/** A set of drills: which runs are still to do, on as few clusters as possible, each result on disk before the next begins. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fault } from "@releve/domain/fault";
import { aborted } from "@releve/server/roles/shutdown";
import { allFaults } from "../faults/all-faults.ts";
import type { FaultName } from "../fault-names.ts";
import { whyNot } from "../machine-needs.ts";
import { seededRandom } from "../seeded-random.ts";
import { openStage } from "../stage/open-stage.ts";
import type { Stage } from "../stage/stage.ts";
import { keepEvidence } from "./keep-evidence.ts";
import { publishStatus, type StatusPublisher } from "./publish-status.ts";
import { readResults, writeResult } from "./result-files.ts";
import type { NotRun } from "./results-table.ts";
import { nothingLookedAt } from "./looked-at.ts";
import { runOnce, type Phase } from "./run-once.ts";
import type { RunResult } from "./run-result.ts";
import { runsToDo, type Todo } from "./runs-to-do.ts";

export type SetOptions = {
  readonly faults: readonly FaultName[];
  readonly runs: number;
  readonly outDir: string;
  /** Each run's seed is this, the fault's name and the run's number. */
  readonly seed: string;
  readonly say: (sentence: string) => void;
  /** Stops the set: what runs is broken off, and everything that was started is stopped. */
  readonly signal: AbortSignal;
};

export type SetOutcome = { readonly results: readonly RunResult[]; readonly notRun: readonly NotRun[] };

/** Every run reads the whole ledger: a fresh one now and then keeps that quick. */
const runsPerStage = 25;

export async function runSet(options: SetOptions): Promise<SetOutcome> {
  const { faults, outDir, say } = options;
  const notRun = faults.flatMap((fault) => {
    const why = whyNot(["orthanc", ...allFaults[fault].needs]);
    return why === undefined ? [] : [{ fault, why }];
  });
  for (const { fault, why } of notRun) say(`${fault} is not run: ${why}`);
  const left = new Set(notRun.map(({ fault }) => fault));
  const possible = faults.filter((fault) => !left.has(fault));
  const todo = runsToDo(possible, options.runs, await readResults(outDir));
  while (todo.length > 0 && !options.signal.aborted) await runOnStage(options, todo);
  const results = (await readResults(outDir)).filter(({ fault }) =>
    (faults as readonly string[]).includes(fault),
  );
  return { results, notRun };
}

/** Takes runs from `todo` until the stage is used up, or is no longer what it was: after a violation it is started anew. */
async function runOnStage(options: SetOptions, todo: Todo[]): Promise<void> {
  const { seed, signal, say } = options;
  say(`starting three sites and Orthanc; ${todo.length} runs are to do`);
  const random = seededRandom(`${seed} stage ${todo[0]!.fault} ${todo[0]!.run}`);
  const dir = await mkdtemp(join(tmpdir(), "releve-drill-"));
  const stage = await openStage({ dir, say: () => {}, random });
  try {
    const status = await publishStatus(stage.cluster);
    try {
      let isSound = true;
      for (let count = 0; count < runsPerStage && todo.length > 0 && isSound && !signal.aborted; count++)
        isSound = await untilAborted(signal, runAndKeep(options, stage, status, todo.shift()!));
    } finally {
      await status.stop();
    }
  } finally {
    await stage.close();
  }
}

/** A person who stops the set waits for no run: what is not written is run again. */
function untilAborted(signal: AbortSignal, running: Promise<boolean>): Promise<boolean> {
  running.catch(() => {}); // after an abort nobody asks
  return Promise.race([running, aborted(signal).then(() => false)]);
}

/** @returns whether all held. A drill that could not be done is a violation of its own: it proves nothing. */
async function runAndKeep(
  { runs, outDir, seed: set, say }: SetOptions,
  stage: Stage,
  status: StatusPublisher,
  { fault, run }: Todo,
): Promise<boolean> {
  const seed = `${set} ${fault} ${run}`;
  const startedAtMs = Date.now();
  const about = { fault, run, runs, seed, startedAtMs };
  const onPhase = (phase: Phase) => status.say({ ...about, phase, violations: [], gapMs: null });
  const ran = await runOnce(stage, { fault, run, seed, onPhase }).catch((error: unknown) => ({
    result: undone(fault, run, seed, startedAtMs, error),
    evidence: undefined,
  }));
  const { result, evidence } = ran;
  const violations = result.violations.map(({ sentence }) => sentence.slice(0, 500)).slice(0, 100);
  const phase = violations.length === 0 ? "passed" : "failed";
  status.say({ ...about, phase, violations, gapMs: result.gapMs });
  say(lineOf(result, runs));
  if (violations.length > 0) say(`evidence: ${await keepEvidence(outDir, stage.dir, result, evidence)}`);
  for (const { invariant, sentence } of result.violations) say(`VIOLATION ${invariant}: ${sentence}`);
  await writeResult(outDir, result);
  return violations.length === 0;
}

function undone(fault: FaultName, run: number, seed: string, startedAtMs: number, error: unknown): RunResult {
  return {
    fault,
    run,
    seed,
    startedAt: new Date(startedAtMs).toISOString(),
    what: "it could not be done",
    gapMs: null,
    ledgerGapMs: 0,
    tookMs: Date.now() - startedAtMs,
    looked: nothingLookedAt,
    violations: [{ invariant: "own", sentence: sentenceOf(error) }],
  };
}

/** A bug of the drill's own ends a night of runs no more than a fault does; where it came from is then all that is left of it. */
const sentenceOf = (error: unknown): string => {
  if (error instanceof Fault) return `${error.code}: ${error.message}`;
  return error instanceof Error ? String(error.stack) : String(error);
};

function lineOf(
  { fault, run, seed, what, gapMs, ledgerGapMs, tookMs, looked, violations }: RunResult,
  runs: number,
): string {
  const gap = gapMs === null ? "no gap seen" : `gap ${(gapMs / 1000).toFixed(1)} s`;
  const ledger = `ledger ${(ledgerGapMs / 1000).toFixed(1)} s`;
  const took = `took ${(tookMs / 1000).toFixed(0)} s`;
  return `${fault} ${run}/${runs} (seed "${seed}"): ${what}; ${gap}, ${ledger}, ${looked.jobs} jobs, ${took}, ${violations.length} violations`;
}
