import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf, type Digest } from "@releve/domain/ids";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openObjectStore } from "./object-store.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "store-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = (minFreeBytes = 0) => openObjectStore({ dir, minFreeBytes });
const limit = { maxBytes: 64 * 1024 * 1024 };
const staged = () => readdirSync(join(dir, "staging"));

async function* pieces(bytes: Buffer, size: number): AsyncIterable<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* broken(): AsyncIterable<Buffer> {
  yield Buffer.alloc(5 * 1024 * 1024);
  throw new Error("gone");
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

// 9 MiB outgrows memory and takes several writes; 10 kB stays in memory until it is kept.
test.each([0, 10_000, 9 * 1024 * 1024 + 17])(
  "%i bytes come back as they were, under their digest",
  async (n) => {
    const store = await open();
    const bytes = Buffer.alloc(n, (n % 251) + 1);
    const { digest, bytes: size } = await store.put(pieces(bytes, 70_001), limit);
    expect(digest).toBe(digestOf(bytes));
    expect(size).toBe(n);
    expect(await store.has(digest)).toBe(true);
    expect(await store.size(digest)).toBe(n);
    expect((await store.read(digest)).equals(bytes)).toBe(true);
    expect((await collect(store.stream(digest))).equals(bytes)).toBe(true);
    expect(staged()).toEqual([]);
  },
);

test("a range is read and streamed", async () => {
  const store = await open();
  const { digest } = await store.put(Buffer.from("0123456789"), limit);
  const range = { start: 3, end: 6 };
  expect((await store.readRange(digest, range)).toString()).toBe("345");
  expect((await collect(store.stream(digest, range))).toString()).toBe("345");
  expect((await collect(store.stream(digest, { start: 4, end: 4 }))).toString()).toBe("");
});

test("the same bytes twice, at once, are one object", async () => {
  const store = await open();
  const puts = await Promise.all([1, 2, 3].map(() => store.put(Buffer.from("same"), limit)));
  expect(new Set(puts.map((put) => put.digest)).size).toBe(1);
  expect(readdirSync(join(dir, "objects", puts[0]!.digest.slice(0, 2)))).toEqual([puts[0]!.digest]);
  expect(staged()).toEqual([]);
});

test.each([100, 9 * 1024 * 1024])(
  "an object of %i bytes above the limit leaves nothing behind",
  async (n) => {
    const store = await open();
    const put = store.put(pieces(Buffer.alloc(n), 50_000), { maxBytes: n - 1 });
    await expect(put).rejects.toMatchObject({ code: "OBJECT_TOO_LARGE", retry: "never" });
    expect(staged()).toEqual([]);
  },
);

test("a sender that breaks off leaves nothing behind and its own error passes", async () => {
  const store = await open();
  await expect(store.put(broken(), limit)).rejects.toThrow("gone");
  expect(staged()).toEqual([]);
});

test("a staged object is readable but not there; discarded, it is gone", async () => {
  const store = await open();
  for (const n of [10, 5 * 1024 * 1024]) {
    const object = await store.stage(Buffer.alloc(n, 7), limit);
    expect((await object.read({ start: 2, end: 4 })).toString("hex")).toBe("0707");
    expect(await store.has(object.digest)).toBe(false);
    await object.discard();
    expect(await store.has(object.digest)).toBe(false);
    expect(staged()).toEqual([]);
  }
});

test("below the mark of free disk nothing is accepted", async () => {
  const store = await open(Number.MAX_SAFE_INTEGER);
  await expect(store.put(Buffer.from("x"), limit)).rejects.toMatchObject({
    code: "STORE_FULL",
    retry: "later",
  });
});

test("what is not there is a fault, and a damaged object is never given out", async () => {
  const store = await open();
  await expect(store.read("0".repeat(64) as Digest)).rejects.toMatchObject({ code: "OBJECT_MISSING" });
  const { digest } = await store.put(Buffer.from("good"), limit);
  writeFileSync(join(dir, "objects", digest.slice(0, 2), digest), "evil");
  await expect(store.read(digest)).rejects.toMatchObject({ code: "OBJECT_DAMAGED" });
});

test("opening sweeps what a dead process left and spares what a living one writes", async () => {
  await open();
  const host = (await import("node:os")).hostname().replaceAll(/[^A-Za-z0-9-]/g, "_");
  const write = (name: string) => writeFileSync(join(dir, "staging", name), "half");
  write(`${host}.999999999.abc.1`);
  write(`${host}.${process.pid}.earlier-life.1`);
  write(`${host}.${process.ppid}.abc.1`);
  write("elsewhere.5.abc.1");
  write("elsewhere.6.abc.1");
  utimesSync(join(dir, "staging", "elsewhere.6.abc.1"), 0, 0);
  await open();
  expect(staged().toSorted()).toEqual(["elsewhere.5.abc.1", `${host}.${process.ppid}.abc.1`].toSorted());
});
