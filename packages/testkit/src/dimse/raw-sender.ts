/** Puts arbitrary bytes on the wire as the data set of a C-STORE: truncated, damaged or none at all, as a broken modality would. */
import { rawConnect, type RawConnection, type RawOutcome, type ReceivedPdu } from "./raw-connection.ts";
import { rawAssociateRequest, rawData, rawPdu, rawStoreCommand } from "./raw-pdu.ts";

export type RawTarget = {
  readonly host: string;
  readonly port: number;
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  /** How long to wait for each answer. */
  readonly withinMs: number;
};

export type RawObject = {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
  /** What follows the file meta group of a file, whatever it is. Odd and zero lengths go out as they are. */
  readonly dataSet: Uint8Array;
};

/** Fits every Maximum Length in use. */
const fragmentBytes = 8 * 1024;

/** Associates, stores, releases. The outcome is the C-STORE's status, or what came instead of it. */
export async function sendRawObject(target: RawTarget, object: RawObject): Promise<RawOutcome> {
  const connection = await rawConnect(target.host, target.port);
  try {
    const refused = await associate(connection, target, object);
    if (refused) return refused;
    connection.send(rawData(1, 3, rawStoreCommand(object.sopClassUid, object.sopInstanceUid)));
    sendDataSet(connection, object.dataSet);
    const outcome = outcomeOf(await connection.receive(target.withinMs));
    if (outcome.kind === "status") {
      connection.send(rawPdu(5, Buffer.alloc(4)));
      await connection.receive(target.withinMs);
    }
    return outcome;
  } finally {
    connection.destroy();
  }
}

/** Undefined when the association stands with the one context accepted; else what the peer answered. */
export async function associate(
  connection: RawConnection,
  target: RawTarget,
  object: { readonly sopClassUid: string; readonly transferSyntaxUid: string },
): Promise<RawOutcome | undefined> {
  connection.send(rawAssociateRequest({ ...target, ...object, abstractSyntax: object.sopClassUid }));
  const answer = await connection.receive(target.withinMs);
  if (typeof answer === "string" || answer.type !== 2) return outcomeOf(answer);
  const result = contextResult(answer.body);
  return result === 0 ? undefined : { kind: "context-refused", result };
}

export function outcomeOf(received: ReceivedPdu | "closed" | "silent"): RawOutcome {
  if (typeof received === "string") return { kind: received };
  const { type, body } = received;
  if (type === 3) return { kind: "rejected", result: body[1]!, source: body[2]!, reason: body[3]! };
  if (type === 7) return { kind: "aborted", source: body[2]!, reason: body[3]! };
  if (type === 4) return statusOf(body.subarray(6));
  throw new Error(`a PDU of type ${type} where an answer to a C-STORE was due`);
}

function sendDataSet(connection: RawConnection, dataSet: Uint8Array): void {
  for (let offset = 0; offset === 0 || offset < dataSet.length; offset += fragmentBytes) {
    const isLast = offset + fragmentBytes >= dataSet.length;
    connection.send(rawData(1, isLast ? 2 : 0, dataSet.subarray(offset, offset + fragmentBytes)));
  }
}

/** The result byte of the first presentation context item (21H) of an A-ASSOCIATE-AC. */
function contextResult(body: Buffer): number {
  for (let offset = 68; offset + 4 <= body.length; offset += 4 + body.readUInt16BE(offset + 2)) {
    if (body[offset] === 0x21) return body[offset + 6]!;
  }
  throw new Error("an A-ASSOCIATE-AC without a presentation context");
}

function statusOf(command: Buffer): RawOutcome {
  let status = -1;
  let errorComment = "";
  for (let offset = 0; offset + 8 <= command.length; offset += 8 + command.readUInt32LE(offset + 4)) {
    const element = command.readUInt16LE(offset + 2);
    const end = offset + 8 + command.readUInt32LE(offset + 4);
    if (element === 0x0900) status = command.readUInt16LE(offset + 8);
    if (element === 0x0902) errorComment = command.toString("latin1", offset + 8, end).trim();
  }
  return { kind: "status", status, ...(errorComment && { errorComment }) };
}
