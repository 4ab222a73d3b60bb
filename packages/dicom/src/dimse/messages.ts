/** DIMSE messages over P-DATA-TF: fragmenting what is sent, gathering a command set that comes in (PS3.8 annex E). */
import { decodeCommandSet, encodeCommandSet, maxCommandBytes, type CommandSet } from "./command-set.ts";
import type { Connection } from "./connection.ts";
import { dataHeader } from "./encode-pdu.ts";
import { protocolFault } from "./faults.ts";
import type { FragmentSlice } from "./pdu.ts";

/** Longest fragment we write even where the peer sets no limit: enough to make headers negligible. */
const ownMaxPduBytes = 256 * 1024;
const pdvOverheadBytes = 6;

/** The peer's Maximum Length as a fragment length: less the PDV header, even as PS3.8 annex E.1 asks. */
export function fragmentBytesFor(peerMaxPduBytes: number): number {
  const max = peerMaxPduBytes === 0 ? ownMaxPduBytes : Math.min(peerMaxPduBytes, ownMaxPduBytes);
  const fragment = Math.floor((max - pdvOverheadBytes) / 2) * 2;
  if (fragment < 2)
    throw protocolFault("invalid-pdu-parameter-value", "the peer's Maximum Length holds no data");
  return fragment;
}

export async function sendCommand(
  connection: Connection,
  contextId: number,
  command: CommandSet,
  fragmentBytes: number,
): Promise<void> {
  await sendMessage(connection, contextId, true, [encodeCommandSet(command)], fragmentBytes);
}

/** The bytes exactly, in fragments; the last one is marked so, and is empty when there are no bytes. */
export async function sendMessage(
  connection: Connection,
  contextId: number,
  isCommand: boolean,
  source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  fragmentBytes: number,
): Promise<void> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const flush = async (isLast: boolean) => {
    const header = dataHeader(contextId, isCommand, isLast, length);
    const pdu = [header, ...parts];
    parts = [];
    length = 0;
    await connection.write(pdu);
  };
  for await (const chunk of source) {
    for (let offset = 0; offset < chunk.length;) {
      if (length === fragmentBytes) await flush(false);
      const part = chunk.subarray(offset, offset + fragmentBytes - length);
      parts.push(part);
      length += part.length;
      offset += part.length;
    }
  }
  await flush(true);
}

/** Gathers the rest of a command set whose first slice is here. */
export async function receiveCommand(
  first: FragmentSlice,
  next: () => Promise<FragmentSlice>,
): Promise<{ readonly contextId: number; readonly command: CommandSet }> {
  const slices: Uint8Array[] = [];
  let length = 0;
  for (let slice = first; ; slice = await next()) {
    if (!slice.isCommand || slice.contextId !== first.contextId) {
      throw protocolFault("unexpected-pdu-parameter", "a command set is interrupted by another message");
    }
    slices.push(slice.bytes);
    length += slice.bytes.length;
    if (length > maxCommandBytes)
      throw protocolFault("reason-not-specified", "a command set above the limit");
    if (slice.endsMessage) break;
  }
  return { contextId: first.contextId, command: decodeCommandSet(Buffer.concat(slices)) };
}
