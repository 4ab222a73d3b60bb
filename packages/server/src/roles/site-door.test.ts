import { mkdtempSync, rmSync } from "node:fs";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TlsFiles } from "@releve/domain/tls-files";
import { siteDoor } from "@releve/gateway/doors/site-door";
import { openObjectStore, type ObjectStore } from "@releve/store/object-store";
import { fetchObject } from "@releve/store/site-copy";
import { mutualTlsFetch } from "@releve/store/tls-fetch";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureIdentities } from "../identities/ensure-identities.ts";
import type { Identity } from "../identities/identity.ts";
import { mayReadObjects } from "../identities/admitted-peers.ts";

const address = "127.0.0.1";
const gatewayA: Identity = { kind: "gateway", site: "site-a", name: "gateway" };
const nodeB: Identity = { kind: "node", site: "site-b", name: "b1" };
const archive: Identity = { kind: "archive", site: "archive", name: "archive" };
const bytes = Buffer.from("pixels ".repeat(100_000));

let dir: string;
let store: ObjectStore;
let here: readonly TlsFiles[];
let foreign: readonly TlsFiles[];
let door: ReturnType<typeof siteDoor>;
let url: URL;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "site-door-"));
  const wanted = [gatewayA, nodeB, archive].map((identity) => ({ ...identity, addresses: [address] }));
  here = await ensureIdentities(join(dir, "here"), wanted, Date.now());
  foreign = await ensureIdentities(join(dir, "elsewhere"), wanted, Date.now());
  store = await openObjectStore({ dir: join(dir, "a"), minFreeBytes: 0 });
  door = siteDoor({ store, tls: here[0]!, admits: mayReadObjects, onFault: () => {} });
  url = new URL(await door.listen({ host: address, port: 0 }));
});
afterAll(async () => {
  door.server.closeAllConnections();
  await door.close();
  rmSync(dir, { recursive: true, force: true });
});

async function fetchAs(files: TlsFiles): Promise<boolean> {
  const { digest } = await store.put(bytes, { maxBytes: bytes.length });
  const other = await openObjectStore({ dir: mkdtempSync(join(dir, "other-")), minFreeBytes: 0 });
  const limits = { maxRequestsPerSite: 1 };
  await fetchObject(other, digest, [url], { fetchImpl: mutualTlsFetch(files), limits });
  return (await other.read(digest)).equals(bytes);
}

test("a node of another site gets an object over mutual TLS", async () => {
  expect(await fetchAs(here[1]!)).toBe(true);
});

test("an identity that needs no objects is refused, and so is another authority's certificate", async () => {
  await expect(fetchAs(here[2]!)).rejects.toMatchObject({ code: "SITE_UNREACHABLE" });
  await expect(fetchAs(foreign[1]!)).rejects.toMatchObject({ code: "SITE_UNREACHABLE" });
  const halfForeign = { ...foreign[1]!, caFile: here[1]!.caFile };
  await expect(fetchAs(halfForeign)).rejects.toMatchObject({ code: "SITE_UNREACHABLE" });
});

test("without a certificate there is no answer, and plain HTTP gets none either", async () => {
  const anonymous = new Promise((resolve, reject) =>
    get(new URL("objects/x", url), { rejectUnauthorized: false }, resolve).once("error", reject),
  );
  await expect(anonymous).rejects.toMatchObject({ code: expect.stringMatching(/ERR_SSL|ECONNRESET/) });
  await expect(fetch(`http://${url.host}/objects/x`)).rejects.toThrow("fetch failed");
});
