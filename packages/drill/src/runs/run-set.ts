/** A set of drills: which runs are still to do, on as few clusters as possible, each result on disk before the next begins. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
import { runOnce } from "./run-once.ts";
import type { RunResult } from "./run-result.ts";

export type SetOptions = {
  readonly faults: readonly FaultName[];
  readonly runs: number;
  readonly outDir: string;
  /** Each run's seed is this, the fault's name and the run's number. */
  readonly seed: string;
  readonly say: (sentence: string) => void;
};

export type SetOutcome = { readonly results: readonly RunResult[]; readonly notRun: readonly NotRun[] };

/** Every run reads the whole ledger: a fresh one now and then keeps that quick. */
const runsPerStage = 25;

type Todo = { readonly fault: FaultName; readonly run: number };

export async function runSet(options: SetOptions): Promise<SetOutcome> {
  const { faults, outDir, say } = options;
  const notRun = faults.flatMap((fault) => {
    const why = whyNot(allFaults[fault].needs);
    return why === undefined ? [] : [{ fault, why }];
  });
  for (const { fault, why } of notRun) say(`${fault} is not run: ${why}`);
  const todo = await openRuns(options, new Set(notRun.map(({ fault }) => fault)));
  while (todo.length > 0) await runOnStage(options, todo.splice(0, runsPerStage));
  const results = (await readResults(outDir)).filter(({ fault }) =>
    (faults as readonly string[]).includes(fault),
  );
  return { results, notRun };
}

/** Those of which there is no result yet. */
async function openRuns({ faults, runs, outDir }: SetOptions, left: ReadonlySet<FaultName>): Promise<Todo[]> {
  const done = new Set((await readResults(outDir)).map(({ fault, run }) => `${fault} ${run}`));
  return faults
    .filter((fault) => !left.has(fault))
    .flatMap((fault) => Array.from({ length: runs }, (_, index) => ({ fault, run: index + 1 })))
    .filter(({ fault, run }) => !done.has(`${fault} ${run}`));
}

async function runOnStage(options: SetOptions, todo: readonly Todo[]): Promise<void> {
  options.say(`starting three sites and Orthanc for ${todo.length} runs`);
  const random = seededRandom(`${options.seed} stage ${todo[0]!.fault} ${todo[0]!.run}`);
  const dir = await mkdtemp(join(tmpdir(), "releve-drill-"));
  const stage = await openStage({ dir, say: () => {}, random });
  try {
    const status = await publishStatus(stage.cluster);
    try {
      for (const one of todo) await runAndKeep(options, stage, status, one);
    } finally {
      await status.stop();
    }
  } finally {
    await stage.close();
  }
}

async function runAndKeep(
  { runs, outDir, seed: set, say }: SetOptions,
  stage: Stage,
  status: StatusPublisher,
  { fault, run }: Todo,
): Promise<void> {
  const seed = `${set} ${fault} ${run}`;
  const startedAtMs = Date.now();
  const about = { fault, run, runs, seed, startedAtMs };
  const { result, evidence } = await runOnce(stage, {
    fault,
    run,
    seed,
    onPhase: (phase) => status.say({ ...about, phase, violations: [], gapMs: null }),
  });
  const violations = result.violations.map(({ sentence }) => sentence.slice(0, 500)).slice(0, 100);
  const phase = violations.length === 0 ? "passed" : "failed";
  status.say({ ...about, phase, violations, gapMs: result.gapMs });
  say(lineOf(result, runs));
  if (violations.length > 0) say(`evidence: ${await keepEvidence(outDir, stage.dir, result, evidence)}`);
  for (const { invariant, sentence } of result.violations) say(`VIOLATION ${invariant}: ${sentence}`);
  await writeResult(outDir, result);
}

function lineOf(
  { fault, run, seed, what, gapMs, ledgerGapMs, tookMs, looked, violations }: RunResult,
  runs: number,
): string {
  const gap = gapMs === null ? "no gap seen" : `gap ${(gapMs / 1000).toFixed(1)} s`;
  const ledger = `ledger ${(ledgerGapMs / 1000).toFixed(1)} s`;
  const took = `took ${(tookMs / 1000).toFixed(0)} s`;
  return `${fault} ${run}/${runs} (seed "${seed}"): ${what}; ${gap}, ${ledger}, ${looked.jobs} jobs, ${took}, ${violations.length} violations`;
}
