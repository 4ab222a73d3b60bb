/** Writes what the ledger names as results: DICOM files by application and series, and the pictures. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "@releve/domain/ids";
import type { JobView } from "@releve/ledger/views/job-view";
import type { JobSummary } from "./summary.ts";

export type ReadObject = (site: string, digest: Digest) => Promise<Uint8Array>;

/** Paths in the summary are relative to `outDir`. @throws Fault of the store; the errors of the disk. */
export async function exportResults(
  outDir: string,
  jobs: readonly JobView[],
  read: ReadObject,
): Promise<JobSummary[]> {
  const summaries: JobSummary[] = [];
  for (const job of jobs) summaries.push(await exportJob(outDir, job, read));
  return summaries;
}

async function exportJob(outDir: string, job: JobView, read: ReadObject): Promise<JobSummary> {
  const { outputs, pictures, ...rest } = job;
  const folder = `${job.application}-${job.job.slice(0, 8)}`;
  const series = [...new Set(outputs.map((output) => output.seriesInstanceUid))];
  const results: { sopInstanceUid: string; file: string }[] = [];
  for (const [index, output] of outputs.entries()) {
    const number = series.indexOf(output.seriesInstanceUid) + 1;
    const file = join(folder, `series-${number}`, `${String(index + 1).padStart(4, "0")}.dcm`);
    await write(join(outDir, file), await read(job.site!, output.digest));
    results.push({ sopInstanceUid: output.sopInstanceUid, file });
  }
  const shown: { title: string; file: string }[] = [];
  for (const picture of pictures) {
    const file = join(folder, `series-${series.indexOf(picture.seriesInstanceUid) + 1}.png`);
    await write(join(outDir, file), await read(job.site!, picture.digest));
    shown.push({ title: picture.title, file });
  }
  return { ...rest, results, pictures: shown };
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, bytes);
}
