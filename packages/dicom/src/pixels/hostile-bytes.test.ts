/**
 * Objects with bytes changed, cut and repeated at random: whatever comes, the reader gives an object or a DicomFault, and
 * the decoder a frame or a refusal. A loop without end would show as a test that does not finish. fast-check prints the
 * seed of a failure.
 */
import { isRefusal } from "@releve/domain/refusal";
import fc from "fast-check";
import { expect, test } from "vitest";
import { deflatedFile, encapsulated, encapsulatedFile, field, file } from "../data-set/encode.fixture.ts";
import { imageFields, ordered, UNDEFINED, type Field } from "../data-set/encode.fixture.ts";
import { attributesDigest } from "../data-set/object-digests.ts";
import { parseDicom, readHeader } from "../data-set/parse-dicom.ts";
import { explicitLittleEndian } from "../data-set/write-explicit.ts";
import { dataSetOf } from "../data-set/data-set-attributes.ts";
import { DicomFault } from "../faults.ts";
import { toDicomJson } from "../json/to-dicom-json.ts";
import { decodeFrame, frameCount } from "./decode-frame.ts";

const code = field(0x00089215, "SQ", [[field(0x00080100, "SH", "113076")]]);
const nested: Field = {
  ...field(0x00081140, "SQ", [[field(0x00081150, "UI", "1.2"), code], [code]]),
  length: UNDEFINED,
};
const rle = Buffer.concat([
  Buffer.from([2, 0, 0, 0, 64, 0, 0, 0, 66, 0, 0, 0]),
  Buffer.alloc(52),
  Buffer.from([0xfd, 0, 0xfd, 7]),
]);
const attributes = ordered(
  field(0x00080005, "CS", "\\ISO 2022 IR 87"),
  field(0x00100010, "PN", "Yamada^Tarou=\x1b$B;3ED\x1b(B"),
  field(0x00290010, "LO", "SOMEONE"),
  field(0x00291001, "UN", "\0\0"),
  field(0x00189087, "FD", [1000.5]),
  nested,
  ...imageFields(2, 2, { bitsStored: 12, frames: 2 }),
);
const native = [...attributes, field(0x7fe00010, "OW", [1, 2, 3, 4, 5, 6, 7, 8])];

const seeds = [
  file(native, "implicit little"),
  file(native, "explicit little"),
  file(native, "explicit big"),
  deflatedFile(native),
  encapsulatedFile([...attributes, encapsulated([rle, rle], [0, 76])], "1.2.840.10008.1.2.5"),
];

/** Lengths and tags that readers stumble over. */
const poison = [
  "ffffffff",
  "feffffff",
  "00000080",
  "feff00e0",
  "feffdde0",
  "feff0de0",
  "e07f1000",
  "5351",
  "00000000",
];

const change = fc.oneof(
  fc.record({ kind: fc.constant("flip"), at: fc.nat(), with: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant("poison"), at: fc.nat(), with: fc.nat(poison.length - 1) }),
  fc.record({ kind: fc.constant("cut"), at: fc.nat(), with: fc.constant(0) }),
  fc.record({ kind: fc.constant("repeat"), at: fc.nat(), with: fc.integer({ min: 1, max: 200 }) }),
);

const firstChangeable = 128;

function changed(
  bytes: Uint8Array,
  changes: readonly { kind: string; at: number; with: number }[],
): Uint8Array {
  let result = Buffer.from(bytes);
  for (const { kind, at, with: what } of changes) {
    const place = firstChangeable + (at % Math.max(result.length - firstChangeable, 1));
    if (kind === "cut") result = result.subarray(0, place);
    else if (kind === "repeat")
      result = Buffer.concat([
        result.subarray(0, place),
        result.subarray(place - what, place),
        result.subarray(place),
      ]);
    else if (kind === "poison") Buffer.from(poison[what]!, "hex").copy(result, place);
    else if (place < result.length) result[place] = result[place]! ^ what;
  }
  return result;
}

test("an object or a DicomFault, a frame or a refusal, and nothing else", async () => {
  const outcomes = new Map<string, number>();
  const count = (outcome: string) => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...seeds),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      async (seed, changes) => count(await outcomeOf(changed(seed, changes))),
    ),
    { numRuns: 3000 },
  );
  // The changes must be neither harmless nor always fatal, or the test would test nothing.
  expect(outcomes.get("frame")).toBeGreaterThan(50);
  expect(outcomes.size).toBeGreaterThan(5);
});

async function outcomeOf(bytes: Uint8Array): Promise<string> {
  try {
    readHeader(bytes);
    const object = parseDicom(bytes);
    JSON.stringify(toDicomJson(object.attributes, () => ""));
    attributesDigest(object);
    explicitLittleEndian(dataSetOf(object.attributes), new Map());
    frameCount(object);
    const frame = await decodeFrame(object, 1);
    return isRefusal(frame) ? frame.refused : "frame";
  } catch (fault) {
    if (fault instanceof DicomFault) return fault.code;
    throw fault;
  }
}
