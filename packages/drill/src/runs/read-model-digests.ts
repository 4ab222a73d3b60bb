/** The read models of a ledger, made in different ways: replayed here in large and in small transactions, and those of the running APIs. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Clock } from "@releve/domain/clock";
import type { Commit, Position } from "@releve/ledger/event-log";
import { openReadModel } from "@releve/ledger/read-models/open-read-model";
import { digestOfRows } from "@releve/ledger/read-models/read-model-digest";
import type { RunningSite } from "@releve/server/cluster/running-cluster";
import type { ReadModelDigest } from "../invariants/run-evidence.ts";

/** Commits a transaction: all at once, and a number that divides nothing. */
const batches = [Number.MAX_SAFE_INTEGER, 7];

export function replayDigests(commits: readonly Commit[], epoch: number): ReadModelDigest[] {
  return batches.map((size) => {
    const model = openReadModel();
    let after: Position | undefined;
    for (let from = 0; from < commits.length; from += size) {
      const batch = commits.slice(from, from + size);
      model.write(batch, epoch, after);
      after = batch.at(-1)!.position;
    }
    const digest = model.digest();
    model.close();
    return { of: `a replay in transactions of ${Math.min(size, commits.length)}`, digest };
  });
}

const catchUpMs = 15_000;

/** The API of each site gets a limited time to reach `last`; what it then holds is compared. */
export async function apiDigests(
  sites: readonly RunningSite[],
  last: Position | undefined,
  clock: Clock,
): Promise<ReadModelDigest[]> {
  const untilMs = clock.nowMs() + catchUpMs;
  const digests: ReadModelDigest[] = [];
  for (const { site, dataDir } of sites) {
    const file = join(dataDir, "read-models", "api.sqlite");
    while (positionIn(file) < (last ?? 0) && clock.nowMs() < untilMs) await clock.wait(50);
    digests.push({ of: `the API of ${site}`, digest: read(file, digestOfRows) });
  }
  return digests;
}

const positionIn = (file: string): number => (existsSync(file) ? read(file, positionOf) : 0);

function positionOf(db: DatabaseSync): number {
  const row = db.prepare("SELECT position FROM progress").get();
  return Number(row?.["position"] ?? 0);
}

function read<Answer>(file: string, ask: (db: DatabaseSync) => Answer): Answer {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    db.exec("BEGIN"); // one moment for all tables
    return ask(db);
  } finally {
    db.close();
  }
}
