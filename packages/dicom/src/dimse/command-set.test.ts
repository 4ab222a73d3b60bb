import fc from "fast-check";
import { expect, test } from "vitest";
import { rawStoreCommand } from "@releve/testkit/dimse/raw-pdu";
import { decodeCommandSet, encodeCommandSet, type CommandSet } from "./command-set.ts";
import { DimseFault } from "./faults.ts";
import { statusClass } from "./dimse-status.ts";
import { statusElements, statusOf } from "./status-elements.ts";

const us = fc.nat(0xffff);
const uid = fc.stringMatching(/^[1-9](\.[1-9][0-9]{0,6}){1,6}$/);
const tag = fc.integer({ min: 0, max: 0xffff_ffff });
const text = fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/);
const anyCommand = fc.record(
  {
    AffectedSOPClassUID: uid,
    RequestedSOPClassUID: uid,
    CommandField: us,
    MessageID: us,
    MoveDestination: text,
    CommandDataSetType: us,
    Status: us,
    OffendingElement: fc.array(tag, { minLength: 1, maxLength: 4 }),
    ErrorComment: text,
    AffectedSOPInstanceUID: uid,
    AttributeIdentifierList: fc.array(tag, { maxLength: 4 }),
    NumberOfRemainingSuboperations: us,
    MoveOriginatorApplicationEntityTitle: text,
    MoveOriginatorMessageID: us,
  },
  { requiredKeys: [] },
);

test("a command set comes back as it was", () => {
  fc.assert(
    fc.property(anyCommand, (command) => {
      expect(decodeCommandSet(encodeCommandSet(command as CommandSet))).toEqual(command);
    }),
  );
});

test("a C-STORE-RQ from an encoder that is not ours reads the same both ways", () => {
  const command = {
    AffectedSOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
    CommandField: 1,
    MessageID: 7,
    Priority: 0,
    CommandDataSetType: 0,
    AffectedSOPInstanceUID: "2.25.12",
  };
  const bytes = rawStoreCommand(command.AffectedSOPClassUID, command.AffectedSOPInstanceUID);
  expect(decodeCommandSet(bytes)).toEqual(command);
  expect(encodeCommandSet(command)).toEqual(bytes);
});

test("a C-ECHO-RSP is written byte for byte as PS3.7 lays it out", () => {
  const command = {
    CommandField: 0x8030,
    MessageIDBeingRespondedTo: 1,
    CommandDataSetType: 0x0101,
    Status: 0,
  };
  expect(encodeCommandSet(command).toString("hex")).toBe(
    "00000000" +
      "04000000" +
      "28000000" +
      "00000001" +
      "02000000" +
      "3080" +
      "00002001" +
      "02000000" +
      "0100" +
      "00000008" +
      "02000000" +
      "0101" +
      "00000009" +
      "02000000" +
      "0000",
  );
});

test.each([
  ["a cut element", "000002000a"],
  ["an element longer than the set", "00000200ff000000312e"],
  ["an undefined length", "00000200ffffffff"],
  ["another group", "0800180002000000312e"],
  ["elements out of order", "00000001020000000100" + "00000001020000000100"],
  ["a US of four bytes", "000000010400000001000000"],
  ["a cut AT", "0000010902000000" + "0000"],
])("%s is a protocol fault", (_, hex) => {
  expect(() => decodeCommandSet(Buffer.from(hex, "hex"))).toThrow(DimseFault);
});

test("no bytes make the decoder throw anything else", () => {
  const good = rawStoreCommand("1.2", "1.3");
  const spoiled = fc.record({ at: fc.nat(good.length - 1), value: fc.nat(255) }).map(({ at, value }) => {
    const bytes = Buffer.from(good);
    bytes[at] = value;
    return bytes;
  });
  fc.assert(
    fc.property(fc.oneof(spoiled, fc.uint8Array({ maxLength: 60 }).map(Buffer.from)), (bytes) => {
      try {
        decodeCommandSet(bytes);
      } catch (fault) {
        expect(fault).toBeInstanceOf(DimseFault);
      }
    }),
    { numRuns: 500 },
  );
});

test("a status goes into a response and comes back; its comment is made LO", () => {
  const status = { status: 0xc123, errorComment: "é\\" + "x".repeat(80), offendingElement: 0x7fe00010 };
  const read = decodeCommandSet(encodeCommandSet(statusElements(status)));
  expect(statusOf({ ...read, Status: read.Status! })).toEqual({
    status: 0xc123,
    errorComment: "??" + "x".repeat(62),
    offendingElement: 0x7fe00010,
  });
});

test.each([
  [0x0000, "success"],
  [0xb000, "warning"],
  [0xb007, "warning"],
  [0x0107, "warning"],
  [0xa700, "failure"],
  [0xc000, "failure"],
  [0x0122, "failure"],
  [0xfe00, "cancel"],
  [0xff00, "pending"],
])("status %i is a %s", (status, expected) => {
  expect(statusClass(status)).toBe(expected);
});
