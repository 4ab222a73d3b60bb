/** The numbers of a job's result, read from the reports that were stored, so that what a person sees is what the PACS holds. */
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { readMeasurements, type ReadReport } from "@releve/dicom/derived/report/read-measurements";
import type { Digest } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import type { StoredObject } from "@releve/ledger/events/stored-object";

const comprehensiveSr = "1.2.840.10008.5.1.4.1.1.88.33";

/**
 * @param outputs of a completed job
 * @returns one entry a report, in their order. Throws the store's faults where no site that holds one answers.
 */
export async function jobMeasurements(
  outputs: readonly StoredObject[],
  readObject: (digest: Digest) => Promise<Uint8Array>,
): Promise<readonly ReadReport[]> {
  const reports: ReadReport[] = [];
  for (const { digest } of outputs.filter(({ sopClassUid }) => sopClassUid === comprehensiveSr)) {
    const report = readMeasurements(parseDicom(await readObject(digest)));
    if (!isRefusal(report)) reports.push(report);
  }
  return reports;
}
