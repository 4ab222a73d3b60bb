/** All attributes of each object as DICOM JSON; large binary values by the address of their bytes. */
import { Readable } from "node:stream";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { toDicomJson } from "@releve/dicom/json/to-dicom-json";
import type { JournalEntry } from "@releve/store/journal-entry";
import type { Intake } from "../../intake/open-intake.ts";
import { sendProblem } from "../problem.ts";
import { acceptsDicomJson } from "./accept.ts";
import { baseUrl, instanceUrl } from "./resource-url.ts";
import type { Answer } from "./wado.ts";

export const sendMetadata: Answer = async (intake, entries, request, reply) => {
  if (!acceptsDicomJson(request.headers.accept))
    return sendProblem(reply, 406, "Metadata is application/dicom+json.");
  const [first, ...rest] = entries;
  // The first one is read before the answer begins, so that a store that fails is told by a status.
  const head = await metadataOf(intake, first, baseUrl(request));
  const body = written(intake, head, rest, baseUrl(request));
  return reply.type("application/dicom+json").send(Readable.from(body, { objectMode: false }));
};

async function* written(
  intake: Intake,
  head: string,
  rest: readonly JournalEntry[],
  base: string,
): AsyncIterable<string> {
  yield `[${head}`;
  for (const entry of rest) yield `,${await metadataOf(intake, entry, base)}`;
  yield "]";
}

async function metadataOf(intake: Intake, entry: JournalEntry, base: string): Promise<string> {
  const { attributes } = parseDicom(await intake.store.read(entry.digest));
  return JSON.stringify(toDicomJson(attributes, (tag) => `${instanceUrl(base, entry)}/bulkdata/${tag}`));
}
