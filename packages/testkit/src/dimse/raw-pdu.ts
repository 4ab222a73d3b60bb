/**
 * A second, deliberately naive encoder of the few PDUs a hostile or broken sender needs. It shares no code with the
 * product, so that an error there does not cancel out here.
 */

export function rawPdu(type: number, body: Uint8Array, statedLength = body.length): Buffer {
  const header = Buffer.from([type, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(statedLength, 2);
  return Buffer.concat([header, body]);
}

/** One presentation context, id 1. */
export function rawAssociateRequest(request: {
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  readonly abstractSyntax: string;
  readonly transferSyntaxUid: string;
}): Buffer {
  const titles = request.calledAeTitle.padEnd(16) + request.callingAeTitle.padEnd(16);
  const context = [
    Buffer.from([1, 0, 0, 0]),
    rawItem(0x30, ascii(request.abstractSyntax)),
    rawItem(0x40, ascii(request.transferSyntaxUid)),
  ];
  const user = [rawItem(0x51, Buffer.from([0, 0, 0x40, 0])), rawItem(0x52, ascii("1.2.3.4"))];
  return rawPdu(
    1,
    Buffer.concat([
      Buffer.from([0, 1, 0, 0]),
      ascii(titles),
      Buffer.alloc(32),
      rawItem(0x10, ascii("1.2.840.10008.3.1.1.1")),
      rawItem(0x20, ...context),
      rawItem(0x50, ...user),
    ]),
  );
}

/** One P-DATA-TF with one presentation data value. */
export function rawData(contextId: number, control: number, bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(6);
  header.writeUInt32BE(bytes.length + 2, 0);
  header[4] = contextId;
  header[5] = control;
  return rawPdu(4, Buffer.concat([header, bytes]));
}

/** The command set of a C-STORE-RQ with a data set to follow. */
export function rawStoreCommand(sopClassUid: string, sopInstanceUid: string): Buffer {
  const elements = Buffer.concat([
    rawElement(0x0002, uid(sopClassUid)),
    rawElement(0x0100, Buffer.from([1, 0])),
    rawElement(0x0110, Buffer.from([7, 0])),
    rawElement(0x0700, Buffer.from([0, 0])),
    rawElement(0x0800, Buffer.from([0, 0])),
    rawElement(0x1000, uid(sopInstanceUid)),
  ]);
  const groupLength = Buffer.alloc(4);
  groupLength.writeUInt32LE(elements.length);
  return Buffer.concat([rawElement(0, groupLength), elements]);
}

function rawItem(type: number, ...value: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(value);
  return Buffer.concat([Buffer.from([type, 0, body.length >> 8, body.length & 0xff]), body]);
}

function rawElement(element: number, value: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16LE(element, 2);
  header.writeUInt32LE(value.length, 4);
  return Buffer.concat([header, value]);
}

function ascii(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

function uid(text: string): Buffer {
  return ascii(text.length % 2 === 0 ? text : `${text}\0`);
}
