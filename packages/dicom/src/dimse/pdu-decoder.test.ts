import fc from "fast-check";
import { expect, test } from "vitest";
import { rawAssociateRequest, rawData, rawPdu } from "@releve/testkit/dimse/raw-pdu";
import { encodePdu } from "./encode-pdu.ts";
import { DimseFault } from "./faults.ts";
import { maxAssociatePduBytes, PduDecoder } from "./pdu-decoder.ts";
import type { AbortReason } from "./reasons.ts";

const maxPduBytes = 16384;
const good = rawAssociateRequest({
  callingAeTitle: "A",
  calledAeTitle: "B",
  abstractSyntax: "1.2",
  transferSyntaxUid: "1.3",
});

function abortReasonOf(bytes: Uint8Array): AbortReason | "accepted" {
  const decoder = new PduDecoder(maxPduBytes);
  decoder.feed(bytes);
  try {
    while (decoder.next());
    return "accepted";
  } catch (fault) {
    expect(fault).toBeInstanceOf(DimseFault);
    return (fault as DimseFault).abortReason;
  }
}

/** The request with its body changed and its length made right again. */
function changed(edit: (body: Buffer) => Buffer): Buffer {
  return rawPdu(1, edit(Buffer.from(good.subarray(6))));
}

test("the request that the cases below spoil is itself accepted", () => {
  expect(abortReasonOf(good)).toBe("accepted");
});

test.each<[string, Uint8Array, AbortReason]>([
  ["an unknown type", rawPdu(8, Buffer.alloc(4)), "unrecognized-pdu"],
  ["type 0", rawPdu(0, Buffer.alloc(4)), "unrecognized-pdu"],
  ["HTTP", Buffer.from("GET / HTTP/1.1\r\n\r\n"), "unrecognized-pdu"],
  ["a TLS hello", Buffer.from([0x16, 3, 1, 2, 0, 1, 0]), "unrecognized-pdu"],
  [
    "a P-DATA-TF above the announced length",
    rawPdu(4, Buffer.alloc(0), maxPduBytes + 1),
    "invalid-pdu-parameter-value",
  ],
  ["an empty P-DATA-TF", rawPdu(4, Buffer.alloc(0)), "invalid-pdu-parameter-value"],
  [
    "a fragment beyond its P-DATA-TF",
    rawPdu(4, Buffer.from([0, 0, 0, 9, 1, 3, 0])),
    "invalid-pdu-parameter-value",
  ],
  [
    "a fragment too short for its header",
    rawPdu(4, Buffer.from([0, 0, 0, 1, 1, 3])),
    "invalid-pdu-parameter-value",
  ],
  [
    "bytes after the last fragment",
    rawPdu(4, Buffer.from([0, 0, 0, 2, 1, 3, 0, 0])),
    "invalid-pdu-parameter-value",
  ],
  ["a release of 5 bytes", rawPdu(5, Buffer.alloc(5)), "invalid-pdu-parameter-value"],
  ["an abort of 0 bytes", rawPdu(7, Buffer.alloc(0)), "invalid-pdu-parameter-value"],
  [
    "an A-ASSOCIATE-RQ above the limit",
    rawPdu(1, Buffer.alloc(0), maxAssociatePduBytes + 1),
    "invalid-pdu-parameter-value",
  ],
  ["an empty A-ASSOCIATE-RQ", rawPdu(1, Buffer.alloc(0)), "invalid-pdu-parameter-value"],
  ["no items", changed((body) => body.subarray(0, 68)), "invalid-pdu-parameter-value"],
  ["a cut item", changed((body) => body.subarray(0, body.length - 1)), "invalid-pdu-parameter-value"],
  [
    "two application contexts",
    changed((body) => Buffer.concat([body, body.subarray(68, 93)])),
    "invalid-pdu-parameter-value",
  ],
  [
    "an even context ID",
    changed((body) => spoil(body, body.indexOf(0x20, 93) + 4, 2)),
    "invalid-pdu-parameter-value",
  ],
  [
    "no abstract syntax",
    changed((body) => spoil(body, body.indexOf(0x30, 93), 0x77)),
    "invalid-pdu-parameter-value",
  ],
  [
    "no transfer syntax",
    changed((body) => spoil(body, body.lastIndexOf(0x40, body.length - 20), 0x77)),
    "invalid-pdu-parameter-value",
  ],
])("%s is refused", (_, bytes, reason) => {
  expect(abortReasonOf(bytes)).toBe(reason);
});

test("unknown items, extended negotiation and user identity are skipped", () => {
  const extra = Buffer.from([0x99, 0, 0, 2, 1, 2]);
  expect(abortReasonOf(changed((body) => Buffer.concat([body, extra])))).toBe("accepted");
  const inUser = changed((body) => {
    const at = body.lastIndexOf(Buffer.from([0x50, 0, 0]));
    const identity = Buffer.from([0x58, 0, 0, 6, 1, 0, 0, 0, 0, 0, 0x56, 0, 0, 2, 0, 0]);
    const bytes = Buffer.concat([body, identity]);
    bytes.writeUInt16BE(bytes.readUInt16BE(at + 2) + identity.length, at + 2);
    return bytes;
  });
  expect(abortReasonOf(inUser)).toBe("accepted");
});

test("whatever bytes come, there is a PDU, a wait for more, or a protocol fault", () => {
  const spoiledGood = fc
    .record({ at: fc.nat(good.length - 1), value: fc.nat(255) })
    .map(({ at, value }) => spoil(Buffer.from(good), at, value));
  const spoiledData = fc
    .record({ at: fc.nat(11), value: fc.nat(255) })
    .map(({ at, value }) => spoil(rawData(1, 3, Buffer.alloc(30)), at, value));
  const any = fc.oneof(fc.uint8Array({ maxLength: 200 }), spoiledGood, spoiledData);
  fc.assert(
    fc.property(any, (bytes) => {
      abortReasonOf(bytes);
    }),
    { numRuns: 500 },
  );
});

test("a PDU that lies about its length takes no memory in advance", () => {
  const decoder = new PduDecoder(0xffff_ffff);
  const before = process.memoryUsage().arrayBuffers;
  decoder.feed(rawPdu(4, Buffer.from([0x7f, 0xff, 0xff, 0xf2, 1, 0]), 0x7fff_fff6));
  expect(decoder.next()).toBeUndefined();
  expect(decoder.isMidPdu).toBe(true);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20);
});

test("feeding before the last chunk is used up is a bug", () => {
  const decoder = new PduDecoder(maxPduBytes);
  decoder.feed(encodePdu({ kind: "release-request" }));
  expect(() => decoder.feed(Buffer.alloc(1))).toThrow();
});

function spoil(bytes: Buffer, at: number, value: number): Buffer {
  bytes[at] = value;
  return bytes;
}
