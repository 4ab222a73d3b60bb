/** What a violation leaves behind for the one who looks for its cause: the ledger, the logs, the sentences. */
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { RunEvidence } from "../invariants/run-evidence.ts";
import { evidenceDirOf, writeDurably } from "./result-files.ts";
import type { RunResult } from "./run-result.ts";

/** @returns the folder. */
export async function keepEvidence(
  outDir: string,
  stageDir: string,
  result: RunResult,
  evidence: RunEvidence | undefined,
): Promise<string> {
  const dir = evidenceDirOf(outDir, result.fault, result.run);
  await mkdir(dir, { recursive: true });
  await cp(join(stageDir, "sites", "log"), join(dir, "log"), { recursive: true });
  if (!evidence) return dir;
  const lines = evidence.commits.map((commit) => JSON.stringify(commit));
  await writeDurably(join(dir, "ledger.jsonl"), `${lines.join("\n")}\n`);
  const { accepted, acknowledged, followed, pacs, unfinished, readModels } = evidence;
  const rest = {
    result,
    unfinished,
    readModels,
    accepted,
    acknowledged,
    pacs,
    followed,
    stored: [...evidence.stored],
  };
  await writeDurably(join(dir, "evidence.json"), JSON.stringify(rest, null, 1));
  return dir;
}
