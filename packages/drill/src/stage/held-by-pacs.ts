/** What the PACS holds of a study, by its REST interface: each instance's own bytes, read and digested here. */
import { dataSetDigest } from "@releve/dicom/data-set/object-digests";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { studyIdOf } from "@releve/domain/ids";
import { z } from "zod";
import { DrillFault } from "../faults.ts";
import type { HeldInstance } from "../invariants/run-evidence.ts";

const foundSchema = z.array(z.string());
const askMs = 10_000;
/** A run's study has about a hundred results. */
const instancesMax = 5_000;

/** @throws DrillFault PACS_FAILED when it does not answer. */
export async function heldByPacs(url: string, studyInstanceUid: string): Promise<HeldInstance[]> {
  const query = { Level: "Instance", Query: { StudyInstanceUID: studyInstanceUid }, Limit: instancesMax };
  const found = foundSchema.parse(await (await ask(`${url}/tools/find`, query)).json());
  const held: HeldInstance[] = [];
  for (const id of found) {
    const bytes = new Uint8Array(await (await ask(`${url}/instances/${id}/file`)).arrayBuffer());
    const object = parseDicom(bytes);
    const { sopInstanceUid } = object;
    held.push({ study: studyIdOf(studyInstanceUid), sopInstanceUid, dataSet: dataSetDigest(object) });
  }
  return held;
}

async function ask(url: string, body?: unknown): Promise<Response> {
  const signal = AbortSignal.timeout(askMs);
  const request = body === undefined ? { signal } : { method: "POST", body: JSON.stringify(body), signal };
  const response = await fetch(url, request).catch((cause: unknown) => {
    throw new DrillFault("PACS_FAILED", `Orthanc does not answer at ${url}`, cause);
  });
  if (!response.ok) throw new DrillFault("PACS_FAILED", `Orthanc answered ${response.status} at ${url}`);
  return response;
}
