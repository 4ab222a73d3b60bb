/** Whole objects: as stored where the client takes that, else decompressed. What it cannot take is never left out silently. */
import { Readable } from "node:stream";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { decompressObject } from "@releve/dicom/pixels/decompress-object";
import { EXPLICIT_VR_LITTLE_ENDIAN } from "@releve/dicom/uids/transfer-syntaxes";
import { isRefusal } from "@releve/domain/refusal";
import type { JournalEntry } from "@releve/store/journal-entry";
import type { Intake } from "../../intake/open-intake.ts";
import { sendProblem } from "../problem.ts";
import { matchesType, parseAccept, type Accepted } from "./accept.ts";
import { chooseTransferSyntax } from "./choose-transfer-syntax.ts";
import { sendParts, type ReplyPart } from "./multipart-reply.ts";
import { baseUrl, instanceUrl } from "./resource-url.ts";
import type { Answer } from "./wado.ts";

export const sendObjects: Answer = async (intake, entries, request, reply) => {
  const accepted = parseAccept(request.headers.accept).filter((one) =>
    matchesType(one.type, "application/dicom"),
  );
  if (accepted.length === 0) return sendProblem(reply, 406, "Objects are sent as application/dicom.");
  const sendable: Sendable[] = [];
  for (const entry of entries) {
    const one = await sendableOf(intake, entry, accepted);
    if (one) sendable.push(one);
  }
  if (sendable.length === 0)
    return sendProblem(reply, 406, "The objects cannot be sent in an accepted transfer syntax.");
  // PS3.18 table 10.4.3-1: some of the objects, the others not in what was asked for.
  if (sendable.length < entries.length) reply.code(206);
  const [only] = sendable;
  if (entries.length === 1 && accepted.every((one) => !one.multipart && one.type === "application/dicom"))
    return reply.type("application/dicom").send(Readable.from(await only!.open(), { objectMode: false }));
  return sendParts(reply, "application/dicom", partsOf(sendable, baseUrl(request)));
};

type Sendable = {
  readonly entry: JournalEntry;
  readonly transferSyntaxUid: string;
  readonly open: () => Promise<AsyncIterable<Uint8Array> | readonly Uint8Array[]>;
};

/** Whether an object decompresses is known when it was done: before the answer begins. Not kept: a study would fill memory. */
async function sendableOf(
  intake: Intake,
  entry: JournalEntry,
  accepted: readonly Accepted[],
): Promise<Sendable | undefined> {
  const choice = chooseTransferSyntax(accepted, entry.transferSyntaxUid);
  const asStored = async () => intake.store.stream(entry.digest);
  if (choice === "as-stored") return { entry, transferSyntaxUid: entry.transferSyntaxUid, open: asStored };
  if (!choice || isRefusal(await decompressed(intake, entry))) return undefined;
  const open = async () => {
    const chunks = await decompressed(intake, entry);
    if (isRefusal(chunks))
      throw new Error(`an object that decompressed does not any more: ${chunks.refused}`);
    return chunks;
  };
  return { entry, transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN, open };
}

async function decompressed(intake: Intake, entry: JournalEntry) {
  return decompressObject(parseDicom(await intake.store.read(entry.digest)));
}

async function* partsOf(sendable: readonly Sendable[], base: string): AsyncIterable<ReplyPart> {
  for (const { entry, transferSyntaxUid, open } of sendable)
    yield {
      type: `application/dicom; transfer-syntax=${transferSyntaxUid}`,
      location: instanceUrl(base, entry),
      chunks: await open(),
    };
}
