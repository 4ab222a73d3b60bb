/** The results of a set in a folder, one file a run, each on disk before the next run begins: from them a set resumes. */
import { mkdir, open, readdir, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DrillFault } from "../faults.ts";
import { runResultSchema, type RunResult } from "./run-result.ts";

export const evidenceDirOf = (dir: string, fault: string, run: number): string =>
  join(dir, "evidence", `${fault}-${number(run)}`);

const number = (run: number): string => String(run).padStart(4, "0");
const fileOf = (dir: string, fault: string, run: number): string =>
  join(dir, "runs", `${fault}-${number(run)}.json`);

export async function writeResult(dir: string, result: RunResult): Promise<void> {
  await writeDurably(fileOf(dir, result.fault, result.run), `${JSON.stringify(result, null, 2)}\n`);
}

/** The file and its name are on disk when it resolves. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const file = await open(`${path}.part`, "w");
  await file.writeFile(text);
  await file.sync();
  await file.close();
  await rename(`${path}.part`, path);
  const handle = await open(folder);
  await handle.sync();
  await handle.close();
}

/** In the order of fault and run; none where the folder does not exist. @throws DrillFault RESULTS_UNREADABLE. */
export async function readResults(dir: string): Promise<RunResult[]> {
  const folder = join(dir, "runs");
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const files = names.filter((name) => name.endsWith(".json")).toSorted();
  return Promise.all(files.map((name) => readResult(join(folder, name))));
}

async function readResult(path: string): Promise<RunResult> {
  try {
    return runResultSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    throw new DrillFault("RESULTS_UNREADABLE", `${path} is not the result of a run`, cause);
  }
}
