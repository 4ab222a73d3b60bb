import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensureIdentities } from "./ensure-identities.ts";
import { identityUri, routeUri } from "./identity.ts";

const dayMs = 24 * 3_600_000;
const nowMs = Date.UTC(2026, 10, 1);
const node = { kind: "node", site: "site-a", name: "a1", addresses: ["127.0.1.1"] } as const;
const ledger = { kind: "ledger", site: "site-a", name: "ledger", addresses: ["127.0.1.1"] } as const;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "releve-identities-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const read = (path: string) => new X509Certificate(readFileSync(path));

test("each process gets a key of its own that only its owner reads, and a certificate that names it", async () => {
  const [of, server] = await ensureIdentities(join(dir, "identities"), [node, ledger], nowMs);
  for (const { keyFile } of [of!, server!]) {
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(keyFile)).mode & 0o777).toBe(0o700);
  }
  expect(statSync(join(dir, "identities", "ca", "key.pem")).mode & 0o777).toBe(0o600);
  const certificate = read(of!.certFile);
  expect(certificate.subjectAltName).toBe(`URI:${identityUri(node)}, IP Address:127.0.1.1`);
  expect(read(server!.certFile).subjectAltName).toContain(`URI:${routeUri}`);
  expect(certificate.verify(read(of!.caFile).publicKey)).toBe(true);
  expect(certificate.validFromDate.getTime()).toBe(nowMs - 7 * 86_400_000);
  expect(readFileSync(of!.keyFile)).not.toEqual(readFileSync(server!.keyFile));
});

test("a second start changes nothing; one near the end, and one at another address, renews", async () => {
  const certificateAt = async (ms: number, addresses: readonly string[]) => {
    const [files] = await ensureIdentities(dir, [{ ...node, addresses }], ms);
    return read(files!.certFile).serialNumber;
  };
  const first = await certificateAt(nowMs, ["127.0.1.1"]);
  expect(await certificateAt(nowMs + 200 * dayMs, ["127.0.1.1"])).toBe(first);
  const moved = await certificateAt(nowMs, ["127.0.1.1", "127.0.1.2"]);
  expect(moved).not.toBe(first);
  expect(await certificateAt(nowMs + 320 * dayMs, ["127.0.1.1", "127.0.1.2"])).not.toBe(moved);
});
