import { digestOf } from "@releve/domain/ids";
import { afterEach, beforeEach, expect, test } from "vitest";
import { arrivalOf, phantomSlice, temporaryIntake, type TemporaryIntake } from "./intake.fixture.ts";
import type { IntakeOutcome } from "./intake-outcome.ts";

let at: TemporaryIntake;
beforeEach(async () => {
  at = await temporaryIntake();
});
afterEach(() => at.close());

const receive = (bytes: Uint8Array, more = {}) => at.intake.receive(arrivalOf(bytes, more));

async function journal() {
  const records = [];
  for await (const { entry } of at.intake.journal.readFrom()) records.push(entry);
  return records;
}

const objectFiles = () => at.files().filter((name) => /[0-9a-f]{64}$/.test(name));
const code = (outcome: IntakeOutcome) => (outcome.kind === "refused" ? outcome.code : outcome.kind);

/** Flips one bit in the last byte of the pixels. */
function withOtherPixels(bytes: Uint8Array): Uint8Array {
  const other = Uint8Array.from(bytes);
  other[other.length - 2]! ^= 1;
  return other;
}

test("an object is kept as it came, journaled and found", async () => {
  const bytes = phantomSlice();
  const outcome = await receive(bytes, { callingAeTitle: "CT1", door: "dimse" });
  expect(outcome.kind).toBe("stored");
  const [entry] = await journal();
  expect(entry).toMatchObject({
    kind: "stored",
    digest: digestOf(bytes),
    bytes: bytes.length,
    callingAeTitle: "CT1",
    door: "dimse",
    atMs: 1_600_000_000_000,
    transferSyntaxUid: "1.2.840.10008.1.2.1",
  });
  expect((await at.intake.store.read(entry!.digest)).equals(bytes)).toBe(true);
  const index = await at.intake.catalogue.current();
  const [instance] = index.instances({ sopInstanceUid: entry!.sopInstanceUid });
  expect(instance?.attributes["00100010"]?.Value).toEqual([{ Alphabetic: "PHANTOM^ONE" }]);
});

test("the journal names no patient", async () => {
  await receive(phantomSlice());
  expect(JSON.stringify(await journal())).not.toMatch(/PHANTOM/);
});

test("the same object again is the same: one file, one entry", async () => {
  await receive(phantomSlice());
  expect((await receive(phantomSlice())).kind).toBe("same");
  expect(await journal()).toHaveLength(1);
  expect(objectFiles()).toHaveLength(1);
});

test("another file around the same data set is the same object", async () => {
  await receive(phantomSlice());
  const bytes = Uint8Array.from(phantomSlice());
  bytes[0] = 7; // the preamble says nothing
  expect((await receive(bytes)).kind).toBe("same");
  expect(objectFiles()).toHaveLength(1);
});

test("a lost file is mended by sending the object again", async () => {
  await receive(phantomSlice());
  const digest = digestOf(phantomSlice());
  await at.intake.store.remove(digest);
  expect((await receive(phantomSlice())).kind).toBe("same");
  expect(await at.intake.store.has(digest)).toBe(true);
});

test("other attributes over the same pixels are a revision, which readers get", async () => {
  const first = phantomSlice();
  const revised = phantomSlice({ PatientName: "PHANTOM^RENAMED" });
  await receive(first);
  expect((await receive(revised)).kind).toBe("revision");
  expect(await journal()).toMatchObject([
    { kind: "stored" },
    { kind: "revision", replaces: digestOf(first) },
  ]);
  const index = await at.intake.catalogue.current();
  expect([...index.instances()].map((one) => one.entry.digest)).toEqual([digestOf(revised)]);
  expect((await receive(first)).kind).toBe("same");
  expect((await receive(revised)).kind).toBe("same");
});

test("other pixels are quarantined, visible there, and never served", async () => {
  const first = phantomSlice();
  const other = withOtherPixels(first);
  await receive(first);
  expect((await receive(other)).kind).toBe("quarantined");
  expect((await receive(other)).kind).toBe("quarantined");
  expect(await journal()).toMatchObject([
    { kind: "stored" },
    { kind: "quarantined", conflictsWith: digestOf(first) },
  ]);
  const index = await at.intake.catalogue.current();
  expect([...index.instances()].map((one) => one.entry.digest)).toEqual([digestOf(first)]);
  expect(index.quarantined().map((one) => one.digest)).toEqual([digestOf(other)]);
  expect(await at.intake.store.has(digestOf(other))).toBe(true);
});

test("pixels that cannot be decoded and differ are a conflict, not a revision", async () => {
  const undecodable = phantomSlice({ BitsAllocated: 5 });
  await receive(undecodable);
  expect((await receive(withOtherPixels(undecodable))).kind).toBe("quarantined");
});

test.each([
  ["noise", Buffer.from("no DICOM at all, only text that goes on for a while"), {}, "NOT_IDENTIFIED"],
  ["nothing", Buffer.alloc(0), {}, "NOT_IDENTIFIED"],
  ["a UID that is a path", phantomSlice({ StudyInstanceUID: "../../../etc/passwd" }), {}, "NOT_IDENTIFIED"],
  ["another class", phantomSlice(), { announced: { sopClassUid: "1.2.3" } }, "NOT_AS_ANNOUNCED"],
  ["another instance", phantomSlice(), { announced: { sopInstanceUid: "1.2.3" } }, "NOT_AS_ANNOUNCED"],
  ["another study", phantomSlice(), { announced: { studyInstanceUid: "1.2.3" } }, "NOT_AS_ANNOUNCED"],
])("%s is refused and leaves nothing behind", async (_what, bytes, more, refusedAs) => {
  const before = at.files();
  expect(code(await receive(bytes, more))).toBe(refusedAs);
  expect(await journal()).toEqual([]);
  expect(at.files()).toEqual(before);
});

test("a sender that breaks off leaves nothing behind and hears its own error", async () => {
  const before = at.files();
  const broken = async function* () {
    yield phantomSlice().subarray(0, 900);
    throw new Error("association lost");
  };
  await expect(at.intake.receive(arrivalOf(phantomSlice(), { chunks: broken() }))).rejects.toThrow("lost");
  expect(at.files()).toEqual(before);
});

test("many arrivals of one object at once store it once", async () => {
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => receive(phantomSlice())));
  expect(outcomes.map(code).toSorted()).toEqual([...Array<string>(7).fill("same"), "stored"]);
  expect(await journal()).toHaveLength(1);
});

test("too many arrivals of one object at once are turned away for later", async () => {
  const outcomes = await Promise.all(Array.from({ length: 60 }, () => receive(phantomSlice())));
  const turnedAway = outcomes.filter((outcome) => code(outcome) === "OUT_OF_RESOURCES");
  expect(turnedAway.length).toBeGreaterThan(0);
  expect(await journal()).toHaveLength(1);
});

test("the limits: disk and size", async () => {
  const full = await temporaryIntake({ minFreeBytes: Number.MAX_SAFE_INTEGER });
  expect(code(await full.intake.receive(arrivalOf(phantomSlice())))).toBe("OUT_OF_RESOURCES");
  await full.close();
  const small = await temporaryIntake({ maxObjectBytes: 1000 });
  expect(code(await small.intake.receive(arrivalOf(phantomSlice())))).toBe("OBJECT_TOO_LARGE");
  await small.close();
});
