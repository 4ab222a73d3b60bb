import fc from "fast-check";
import { expect, test } from "vitest";
import { rawAssociateRequest, rawData } from "@releve/testkit/dimse/raw-pdu";
import { dataHeader, encodePdu } from "./encode-pdu.ts";
import { PduDecoder } from "./pdu-decoder.ts";
import type { FragmentSlice, Pdu, ProposedContext } from "./pdu.ts";

const byte = fc.integer({ min: 0, max: 255 });
const uid = fc.stringMatching(/^[1-9][0-9]{0,5}(\.[1-9][0-9]{0,5}){1,7}$/);
const aeTitle = fc.stringMatching(/^[A-Z0-9_]([A-Z0-9_ ]{0,14}[A-Z0-9_])?$/);
const user = fc.record(
  {
    maxPduBytes: fc.integer({ min: 0, max: 0xffff_ffff }),
    implementationClassUid: uid,
    implementationVersionName: fc.stringMatching(/^[A-Z0-9_]{1,16}$/),
    asyncOperations: fc.record({ invoked: fc.nat(0xffff), performed: fc.nat(0xffff) }),
    roles: fc.array(fc.record({ sopClassUid: uid, scu: fc.boolean(), scp: fc.boolean() }), { maxLength: 3 }),
  },
  { requiredKeys: ["maxPduBytes", "implementationClassUid", "roles"] },
);
const common = {
  protocolVersion: fc.nat(0xffff),
  calledAeTitle: aeTitle,
  callingAeTitle: aeTitle,
  applicationContext: uid,
  user,
};
const uniqueContexts = <C>(rest: fc.Arbitrary<C>) =>
  fc
    .uniqueArray(fc.integer({ min: 0, max: 127 }), { minLength: 1, maxLength: 128 })
    .chain((ids) => fc.tuple(...ids.map((id) => rest.map((body) => ({ id: 2 * id + 1, ...body })))));
const proposed = fc.record({
  abstractSyntax: uid,
  transferSyntaxes: fc.array(uid, { minLength: 1, maxLength: 4 }),
});
const answered = fc
  .record({ result: fc.integer({ min: 0, max: 4 }), transferSyntax: uid })
  .map((context) => (context.result === 0 ? context : { ...context, transferSyntax: "" }));
const anyPdu: fc.Arbitrary<Pdu> = fc.oneof(
  fc.record({
    kind: fc.constant("associate-request" as const),
    ...common,
    contexts: uniqueContexts(proposed),
  }),
  fc.record({
    kind: fc.constant("associate-accept" as const),
    ...common,
    contexts: uniqueContexts(answered),
  }),
  fc.record({ kind: fc.constant("associate-reject" as const), result: byte, source: byte, reason: byte }),
  fc.record({ kind: fc.constantFrom("release-request" as const, "release-reply" as const) }),
  fc.record({ kind: fc.constant("abort" as const), source: byte, reason: byte }),
) as fc.Arbitrary<Pdu>;
const anyData = fc.record({
  contextId: byte,
  isCommand: fc.boolean(),
  isLast: fc.boolean(),
  bytes: fc.uint8Array({ maxLength: 300 }),
});

/** The stream in chunks of the given sizes, over and over. */
function decodeChunked(stream: Buffer, sizes: readonly number[]): (Pdu | FragmentSlice)[] {
  const decoder = new PduDecoder(1000);
  const items: (Pdu | FragmentSlice)[] = [];
  for (let offset = 0, turn = 0; offset < stream.length; turn += 1) {
    const chunk = stream.subarray(offset, offset + sizes[turn % sizes.length]!);
    decoder.feed(chunk);
    offset += chunk.length;
    for (let item = decoder.next(); item; item = decoder.next()) items.push(item);
  }
  expect(decoder.isMidPdu).toBe(false);
  return items;
}

test("every PDU comes back as it was, however the stream is cut", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(anyPdu, { minLength: 1, maxLength: 3 }), sizes, (pdus, chunkSizes) => {
      expect(decodeChunked(Buffer.concat(pdus.map(encodePdu)), chunkSizes)).toEqual(pdus);
    }),
  );
});

test("the slices of a fragment are its bytes, and only the last one of a last fragment ends the message", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(anyData, { minLength: 1, maxLength: 4 }), sizes, (fragments, chunkSizes) => {
      const stream = fragments.flatMap(({ contextId, isCommand, isLast, bytes }) => [
        dataHeader(contextId, isCommand, isLast, bytes.length),
        bytes,
      ]);
      const slices = decodeChunked(Buffer.concat(stream), chunkSizes) as FragmentSlice[];
      expect(Buffer.concat(slices.map((slice) => slice.bytes))).toEqual(
        Buffer.concat(fragments.map(({ bytes }) => bytes)),
      );
      expect(slices.filter((slice) => slice.endsMessage).length).toBe(
        fragments.filter(({ isLast }) => isLast).length,
      );
    }),
  );
});

test("two presentation data values in one P-DATA-TF are both read", () => {
  const one = dataHeader(1, true, true, 2).subarray(6);
  const other = dataHeader(3, false, true, 0).subarray(6);
  const body = Buffer.concat([one, Buffer.from("ab"), other]);
  const stream = Buffer.concat([Buffer.from([4, 0, 0, 0, 0, body.length]), body]);
  expect(decodeChunked(stream, [13])).toMatchObject([
    { contextId: 1, isCommand: true, endsMessage: false, bytes: Buffer.from("a") },
    { contextId: 1, isCommand: true, endsMessage: true, bytes: Buffer.from("b") },
    { contextId: 3, isCommand: false, endsMessage: true, bytes: Buffer.alloc(0) },
  ]);
});

test("what an encoder that is not ours writes is read, and the other way round", () => {
  const names = {
    callingAeTitle: "MODALITY",
    calledAeTitle: "RELEVE",
    abstractSyntax: "1.2.840.10008.5.1.4.1.1.2",
    transferSyntaxUid: "1.2.840.10008.1.2.4.80",
  };
  const [request] = decodeChunked(rawAssociateRequest(names), [17]);
  const context: ProposedContext = {
    id: 1,
    abstractSyntax: names.abstractSyntax,
    transferSyntaxes: [names.transferSyntaxUid],
  };
  expect(request).toEqual({
    kind: "associate-request",
    protocolVersion: 1,
    calledAeTitle: "RELEVE",
    callingAeTitle: "MODALITY",
    applicationContext: "1.2.840.10008.3.1.1.1",
    contexts: [context],
    user: { maxPduBytes: 16384, implementationClassUid: "1.2.3.4", roles: [] },
  });
  expect(encodePdu(request as Pdu)).toEqual(rawAssociateRequest(names));
  expect(Buffer.concat([dataHeader(5, true, false, 3), Buffer.from("abc")])).toEqual(
    rawData(5, 1, Buffer.from("abc")),
  );
});

test("an AE title that does not fit is not cut", () => {
  expect(() => encodePdu({ ...request(), calledAeTitle: "A".repeat(17) })).toThrow(RangeError);
});

function request(): Extract<Pdu, { kind: "associate-request" }> {
  return {
    kind: "associate-request",
    protocolVersion: 1,
    calledAeTitle: "A",
    callingAeTitle: "B",
    applicationContext: "1.2",
    contexts: [{ id: 1, abstractSyntax: "1.2", transferSyntaxes: ["1.3"] }],
    user: { maxPduBytes: 0, implementationClassUid: "1.2", roles: [] },
  };
}
