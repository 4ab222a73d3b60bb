import { afterEach, beforeEach, expect, test } from "vitest";
import { phantomSlice } from "../../intake/intake.fixture.ts";
import { postObjects, stowType, temporaryWebDoor, type TemporaryWebDoor } from "../web-door.fixture.ts";

let door: TemporaryWebDoor;
beforeEach(async () => {
  door = await temporaryWebDoor();
});
afterEach(() => door.close());

type Item = Record<string, { vr: string; Value: readonly (string | number)[] }>;
type Answer = Record<string, { vr: string; Value: readonly Item[] }>;

const referenced = "00081199";
const failed = "00081198";
const otherFailures = "0008119A";

async function store(files: readonly Uint8Array[], study?: string) {
  const response = await postObjects(door.root, files, study);
  return { status: response.status, answer: (await response.json()) as Answer };
}

const reasons = (answer: Answer, tag: string) => answer[tag]?.Value.map((item) => item["00081197"]?.Value[0]);

/** Flips a bit of the pixels. */
function damaged(bytes: Uint8Array): Uint8Array {
  const other = Uint8Array.from(bytes);
  other[other.length - 2]! ^= 1;
  return other;
}

test("stored, the same and a revision are 200, each with its address", async () => {
  const { status, answer } = await store([
    phantomSlice(),
    phantomSlice(),
    phantomSlice({ PatientName: "PHANTOM^REVISED" }),
    phantomSlice({}, 1),
  ]);
  expect(status).toBe(200);
  expect(answer[referenced]?.Value).toHaveLength(4);
  expect(answer[failed]).toBeUndefined();
  const address = String(answer[referenced]!.Value[0]!["00081190"]!.Value[0]);
  expect((await fetch(address)).status).toBe(200);
});

test("a conflict among others is 202, with its reason; alone it is 409", async () => {
  const mixed = await store([phantomSlice(), damaged(phantomSlice())]);
  expect(mixed.status).toBe(202);
  expect(mixed.answer[referenced]?.Value).toHaveLength(1);
  expect(reasons(mixed.answer, failed)).toEqual([0xc301]);
  expect(mixed.answer[failed]?.Value[0]?.["00081155"]?.Value).toEqual(
    mixed.answer[referenced]?.Value[0]?.["00081155"]?.Value,
  );
  const alone = await store([damaged(phantomSlice())]);
  expect(alone.status).toBe(409);
  expect(reasons(alone.answer, failed)).toEqual([0xc301]);
});

test("what is no DICOM fails without a name, the others are stored", async () => {
  const { status, answer } = await store([Buffer.from("no DICOM"), phantomSlice()]);
  expect(status).toBe(202);
  expect(reasons(answer, otherFailures)).toEqual([0xc000]);
});

test("an object of another study than the address is refused", async () => {
  const { status, answer } = await store([phantomSlice()], "/1.2.3");
  expect(status).toBe(409);
  expect(reasons(answer, failed)).toEqual([0xa900]);
});

test("a full disk is 503 and says when to try again", async () => {
  const full = await temporaryWebDoor({ minFreeBytes: Number.MAX_SAFE_INTEGER });
  const response = await postObjects(full.root, [phantomSlice()]);
  expect(response.status).toBe(503);
  expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
  await full.close();
});

test("an object above the limit is 413", async () => {
  const small = await temporaryWebDoor({ maxObjectBytes: 1000 });
  expect((await postObjects(small.root, [phantomSlice()])).status).toBe(413);
  await small.close();
});

test("a body that ends in the middle keeps what was whole and says that the rest failed", async () => {
  const head = "--BOUND\r\nContent-Type: application/dicom\r\n\r\n";
  const whole = phantomSlice() as Uint8Array<ArrayBuffer>;
  const body = new Blob([head, whole, "\r\n", head, whole.slice(0, 700)]);
  const post = () =>
    fetch(`${door.root}/studies`, { method: "POST", headers: { "content-type": stowType }, body });
  const response = await post();
  expect(response.status).toBe(202);
  const answer = (await response.json()) as Answer;
  expect(answer[referenced]?.Value).toHaveLength(1);
  expect(reasons(answer, otherFailures)).toEqual([0xc000]);
});

test.each([
  ["application/json", "{}", 415],
  ["text/plain", "x", 415],
  ['multipart/related; type="application/dicom+json"; boundary=BOUND', "--BOUND--", 415],
  ['multipart/related; type="application/dicom"', "--BOUND--", 400],
  [stowType, "--BOUND--", 400],
  [stowType, "no boundary at all", 400],
])("%s: %s is %i with a sentence", async (type, body, status) => {
  const response = await fetch(`${door.root}/studies`, {
    method: "POST",
    headers: { "content-type": type },
    body,
  });
  expect(response.status).toBe(status);
  const problem = (await response.json()) as { status: number; detail: string };
  expect(problem.status).toBe(status);
  expect(problem.detail).toMatch(/^[A-Z].*\.$|^the body ends/);
});
