/** The demo's sender: reads DICOM files and sends them by C-STORE, each accounted for. */
import { readFile } from "node:fs/promises";
import { dataSetOffset } from "@releve/dicom/data-set/file-meta";
import { readHeader } from "@releve/dicom/data-set/parse-dicom";
import { statusClass, type DimseStatus } from "@releve/dicom/dimse/dimse-status";
import {
  sendObjects,
  type ObjectToSend,
  type SendOutcome,
  type SendTarget,
} from "@releve/dicom/dimse/send-objects";
import { Fault } from "@releve/domain/fault";

/** What became of one file at the door. */
export type SentFile =
  | { readonly file: string; readonly outcome: "stored"; readonly sopInstanceUid: string }
  | { readonly file: string; readonly outcome: "refused"; readonly reason: string };

/** A file by name, read when its turn comes. */
export type SourceFile = { readonly name: string; readonly read: () => Promise<Uint8Array> };

export const fileAt = (path: string, name: string): SourceFile => ({ name, read: () => readFile(path) });

type Prepared = { readonly file: SourceFile; readonly object: ObjectToSend };

/** A gateway of this machine, as the demo, `submit` and the benchmarks send to it. */
export const localTarget = (port: number, callingAeTitle: string): SendTarget => ({
  host: "127.0.0.1",
  port,
  calledAeTitle: "RELEVE",
  callingAeTitle,
  maxPduBytes: 128 * 1024,
  connectMs: 5_000,
  responseMs: 60_000,
});

/** One outcome per file, in order. @throws Fault of the network when the gateway cannot be reached at all. */
export async function sendStudy(
  target: SendTarget,
  files: readonly SourceFile[],
  onProgress: (done: number, total: number) => void,
): Promise<SentFile[]> {
  const prepared = await Promise.all(files.map(prepare));
  const sendable = prepared.filter((item): item is Prepared => "object" in item);
  const outcomes = await sendObjects(
    target,
    sendable.map(({ object }) => object),
    (_, done) => onProgress(done, sendable.length),
  );
  const answers = outcomes.map((outcome, index) => sentFile(sendable[index]!.file.name, outcome));
  const refused = prepared.filter((item): item is SentFile => !("object" in item));
  return [...answers, ...refused];
}

/** Only the header decides how to announce the object; the data set goes out byte for byte. */
async function prepare(file: SourceFile): Promise<Prepared | SentFile> {
  try {
    const { sopClassUid, sopInstanceUid, transferSyntaxUid } = readHeader(await file.read());
    const open = async () => {
      const bytes = await file.read();
      return bytes.subarray(dataSetOffset(bytes));
    };
    return { file, object: { sopClassUid, sopInstanceUid, transferSyntaxUid, open } };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { file: file.name, outcome: "refused", reason: error.message };
  }
}

function sentFile(file: string, outcome: SendOutcome): SentFile {
  if (outcome.kind === "failed") return { file, outcome: "refused", reason: reasonOf(outcome.cause) };
  const meaning = statusClass(outcome.status.status);
  if (meaning === "success" || meaning === "warning") {
    return { file, outcome: "stored", sopInstanceUid: outcome.sopInstanceUid };
  }
  return { file, outcome: "refused", reason: statusText(outcome.status) };
}

function statusText({ status, errorComment }: DimseStatus): string {
  const code = status.toString(16).padStart(4, "0").toUpperCase();
  return errorComment === undefined ? `C-STORE status ${code}` : `C-STORE status ${code}: ${errorComment}`;
}

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
