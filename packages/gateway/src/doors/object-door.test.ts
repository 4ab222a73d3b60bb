import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openObjectStore } from "@releve/store/object-store";
import { fetchObject } from "@releve/store/site-copy";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseRange } from "./object-door.ts";
import { temporaryWebDoor, type TemporaryWebDoor } from "./web-door.fixture.ts";

let door: TemporaryWebDoor;
beforeEach(async () => {
  door = await temporaryWebDoor();
});
afterEach(() => door.close());

const bytes = Buffer.from("0123456789");
const put = () => door.intake.store.put(bytes, { maxBytes: 100 });

test("another site copies an object", async () => {
  const { digest } = await put();
  const dir = mkdtempSync(join(tmpdir(), "other-site-"));
  const other = await openObjectStore({ dir, minFreeBytes: 0 });
  await fetchObject(other, digest, [new URL(door.url)]);
  expect((await other.read(digest)).equals(bytes)).toBe(true);
  rmSync(dir, { recursive: true });
});

test("GET and HEAD tell the size, a Range gives a part", async () => {
  const { digest } = await put();
  const url = `${door.url}/objects/${digest}`;
  const head = await fetch(url, { method: "HEAD" });
  expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "10", ""]);
  const part = await fetch(url, { headers: { range: "bytes=3-5" } });
  expect([part.status, part.headers.get("content-range"), await part.text()]).toEqual([
    206,
    "bytes 3-5/10",
    "345",
  ]);
  const beyond = await fetch(url, { headers: { range: "bytes=10-" } });
  expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, "bytes */10"]);
});

test.each(["0".repeat(64), "..%2F..%2Fjournal", "A".repeat(64), "x".repeat(2000)])(
  "%s is 404, whatever lies on the disk",
  async (digest) => {
    await put();
    expect((await fetch(`${door.url}/objects/${digest}`)).status).toBe(404);
  },
);

test.each([
  [undefined, undefined],
  ["bytes=0-", { start: 0, end: 10 }],
  ["bytes=2-4", { start: 2, end: 5 }],
  ["bytes=2-99", { start: 2, end: 10 }],
  ["bytes=-3", { start: 7, end: 10 }],
  ["bytes=-99", { start: 0, end: 10 }],
  ["bytes=10-", "unsatisfiable"],
  ["bytes=5-4", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  ["bytes=-", undefined],
  ["bytes=0-1,3-4", undefined],
  ["items=0-1", undefined],
])("%s of 10 bytes", (header, range) => {
  expect(parseRange(header, 10)).toEqual(range);
});
