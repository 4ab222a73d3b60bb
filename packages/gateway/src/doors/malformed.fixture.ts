/** A malformed file as a sender puts it on the wire, and what became of it. */
import { readFileMeta } from "@releve/dicom/data-set/file-meta";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { DicomFault } from "@releve/dicom/faults";
import { splitSeries } from "@releve/dicom/series/split-series";
import { loadVolume } from "@releve/dicom/volume/load-volume";
import type { Digest } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { sendRawObject, type RawObject } from "@releve/testkit/dimse/raw-sender";
import type { Intake } from "../intake/open-intake.ts";
import { postObjects } from "./web-door.fixture.ts";

const ctImageStorage = "1.2.840.10008.5.1.4.1.1.2";
const explicitLittleEndian = "1.2.840.10008.1.2.1";

/** The bytes after group 0002 as they are; the message announces what the file says of itself, else a CT image. */
export function asRawObject(bytes: Uint8Array): RawObject {
  const meta = attempt(() => readFileMeta(bytes));
  const object = attempt(() => parseDicom(bytes));
  const said = (keyword: string, otherwise: string) => meta?.attributes.string(keyword) ?? otherwise;
  return {
    sopClassUid: object?.sopClassUid ?? said("MediaStorageSOPClassUID", ctImageStorage),
    sopInstanceUid: object?.sopInstanceUid ?? said("MediaStorageSOPInstanceUID", "1.2.3.4.5"),
    transferSyntaxUid: said("TransferSyntaxUID", explicitLittleEndian),
    dataSet: bytes.subarray(meta?.dataSetOffset ?? 0),
  };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (fault) {
    if (fault instanceof DicomFault) return undefined;
    throw fault;
  }
}

/**
 * What became of it, in the words of the table: `stored`, `stored, not reconstructed: <code>`, or `refused` with the C-STORE
 * status, or with the HTTP status and the Failure Reason.
 */
export async function sendByDimse(port: number, intake: () => Intake, bytes: Uint8Array): Promise<string> {
  const target = {
    host: "127.0.0.1",
    port,
    callingAeTitle: "BROKEN",
    calledAeTitle: "RELEVE",
    withinMs: 20_000,
  };
  const outcome = await sendRawObject(target, asRawObject(bytes));
  if (outcome.kind !== "status") return `refused ${outcome.kind}`;
  return outcome.status === 0 ? storedAs(intake()) : `refused ${hex(outcome.status)}`;
}

export async function sendByStow(root: string, intake: Intake, bytes: Uint8Array): Promise<string> {
  const response = await postObjects(root, [bytes]);
  const answer = (await response.json()) as Record<string, { Value: Record<string, { Value: number[] }>[] }>;
  if (response.status === 200) return storedAs(intake);
  const failure = (answer["00081198"] ?? answer["0008119A"])?.Value[0]?.["00081197"]?.Value[0];
  return `refused ${response.status} ${failure === undefined ? "" : hex(failure)}`.trim();
}

const hex = (status: number) => status.toString(16).toUpperCase().padStart(4, "0");

async function storedAs(intake: Intake): Promise<string> {
  const [instance] = (await intake.catalogue.current()).instances();
  if (!instance) return "lost";
  const code = await whyNoVolume(intake, instance.entry.digest);
  return code === undefined ? "stored" : `stored, not reconstructed: ${code}`;
}

async function whyNoVolume(intake: Intake, digest: Digest): Promise<string | undefined> {
  const object = parseDicom(await intake.store.read(digest));
  const { volumes, leftOut } = splitSeries([{ digest, object }]);
  const [plan] = volumes;
  if (!plan) return leftOut[0]!.code;
  const read = () => intake.store.read(digest);
  const volume = await loadVolume(plan, read, { budgetBytes: 64 * 1024 * 1024 });
  return isRefusal(volume) ? volume.refused : undefined;
}
