import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf } from "@releve/domain/ids";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openObjectStore, type ObjectStore } from "./object-store.ts";
import { fetchObject, objectsOf } from "./site-copy.ts";

const bytes = Buffer.from("pixels of another site".repeat(10_000));
const digest = digestOf(bytes);

let dir: string;
let store: ObjectStore;
let servers: Server[];
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "copy-"));
  store = await openObjectStore({ dir, minFreeBytes: 0 });
  servers = [];
});
afterEach(() => {
  for (const server of servers) server.close().closeAllConnections();
  rmSync(dir, { recursive: true, force: true });
});

async function site(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const whole: RequestListener = (_request, response) => void response.end(bytes);
const absent: RequestListener = (_request, response) => void response.writeHead(404).end();

test("an object comes from the first site that has it, and then it is local", async () => {
  let requests = 0;
  const counted: RequestListener = (request, response) => {
    requests += 1;
    expect(request.url).toBe(`/objects/${digest}`);
    whole(request, response);
  };
  const sites = [await site(absent), await site(counted)];
  const objects = objectsOf(store, sites);
  const [one, two] = await Promise.all([objects.read(digest), objects.read(digest)]);
  expect(one.equals(bytes) && two.equals(bytes)).toBe(true);
  await objects.read(digest);
  expect(requests).toBe(1);
});

test("a connection that breaks is resumed behind the last byte", async () => {
  const ranges: (string | undefined)[] = [];
  const breaking: RequestListener = (request, response) => {
    ranges.push(request.headers.range);
    if (request.headers.range) {
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range)![1]);
      response.writeHead(206).end(bytes.subarray(from));
    } else {
      response.writeHead(200, { "content-length": bytes.length });
      response.write(bytes.subarray(0, 1000), () => response.destroy());
    }
  };
  await fetchObject(store, digest, [await site(breaking)]);
  expect((await store.read(digest)).equals(bytes)).toBe(true);
  expect(ranges).toEqual([undefined, "bytes=1000-"]);
});

test("a line that breaks again and again gets there, as long as each request brings something", async () => {
  const stuttering: RequestListener = (request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "bytes=0-")![1]);
    response.writeHead(from > 0 ? 206 : 200, { "content-length": bytes.length - from });
    response.write(bytes.subarray(from, from + 30_000), () => response.destroy());
  };
  const limits = { maxRequestsPerSite: 2 };
  await fetchObject(store, digest, [await site(stuttering)], { limits });
  expect(await store.confirm(digest)).toBe(true);
});

test("a site that does not answer is asked after the others from then on", async () => {
  const asked: string[] = [];
  const dead = await site((_request, response) => {
    asked.push("dead");
    response.destroy();
  });
  const alive = await site((request, response) => {
    asked.push("alive");
    const name = request.url!.slice("/objects/".length);
    if (name === digest) response.end(bytes);
    else response.end("second");
  });
  const objects = objectsOf(store, [dead, alive], { limits: { maxRequestsPerSite: 1 } });
  await objects.keep(digest);
  await objects.keep(digestOf("second"));
  expect(asked).toEqual(["dead", "alive", "alive"]);
});

test("wrong bytes do not count, and the next site is asked", async () => {
  const lying = await site((_request, response) => void response.end("other bytes"));
  await expect(fetchObject(store, digest, [lying])).rejects.toMatchObject({ code: "OBJECT_DAMAGED" });
  expect(await store.has(digest)).toBe(false);
  await fetchObject(store, digest, [lying, await site(whole)]);
  expect(await store.has(digest)).toBe(true);
});

test("a site that hangs counts as unreachable", async () => {
  const hanging = await site(() => {});
  const limits = { idleMs: 50, maxRequestsPerSite: 1 };
  const fetching = fetchObject(store, digest, [hanging, await site(absent)], { limits });
  await expect(fetching).rejects.toMatchObject({ code: "SITE_UNREACHABLE", retry: "later" });
});

test("the caller's abort ends the fetch", async () => {
  const controller = new AbortController();
  const hanging = await site(() => controller.abort(new Error("no longer needed")));
  const fetching = fetchObject(store, digest, [hanging], { signal: controller.signal });
  await expect(fetching).rejects.toThrow("no longer needed");
});

test("no site: the object is missing", async () => {
  await expect(fetchObject(store, digest, [])).rejects.toMatchObject({ code: "OBJECT_MISSING" });
});

test("a damaged local copy is replaced by another site's good one", async () => {
  await store.put(bytes, { maxBytes: bytes.length });
  writeFileSync(join(dir, "objects", digest.slice(0, 2), digest), Buffer.alloc(bytes.length));
  expect((await objectsOf(store, [await site(whole)]).read(digest)).equals(bytes)).toBe(true);
});
