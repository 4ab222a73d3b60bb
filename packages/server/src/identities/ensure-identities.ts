/**
 * The folder of keys and certificates: `ca/` for the authority, one folder a process. Each key is readable by its owner alone.
 * A certificate that is missing, nearly expired, or not for these addresses is made anew with a new key.
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TlsFiles } from "@releve/domain/tls-files";
import { writeFileSynced } from "../cluster/write-file-synced.ts";
import type { KeyAndCertificate } from "./certificate-authority.ts";
import { identityUri, routeUri, type Identity } from "./identity.ts";

export type WantedIdentity = Identity & {
  readonly addresses: readonly string[];
  readonly hostNames?: readonly string[];
};

/** Renewed at a start within this time of its end: a process that never starts anew within it is one to look at anyway. */
const renewBeforeMs = 60 * 24 * 3_600_000;

/** @returns the files of each, in order. */
export async function ensureIdentities(
  dir: string,
  wanted: readonly WantedIdentity[],
  nowMs: number,
): Promise<readonly TlsFiles[]> {
  const authority = await ensureAuthority(join(dir, "ca"), nowMs);
  const made: TlsFiles[] = [];
  for (const identity of wanted) made.push(await ensureOne(dir, authority, identity, nowMs));
  return made;
}

async function ensureAuthority(dir: string, nowMs: number): Promise<KeyAndCertificate> {
  const { keyFile, certFile } = filesIn(dir);
  if (!existsSync(certFile)) {
    const { newAuthority } = await import("./certificate-authority.ts");
    write(dir, await newAuthority(nowMs));
  }
  return { keyPem: readFileSync(keyFile, "utf8"), certPem: readFileSync(certFile, "utf8") };
}

async function ensureOne(
  dir: string,
  authority: KeyAndCertificate,
  identity: WantedIdentity,
  nowMs: number,
): Promise<TlsFiles> {
  const own = join(dir, identity.site, `${identity.kind}-${identity.name}`);
  const files = { ...filesIn(own), caFile: filesIn(join(dir, "ca")).certFile };
  if (isGood(files, authority, identity, nowMs)) return files;
  const { issueCertificate } = await import("./certificate-authority.ts");
  write(own, await issueCertificate(authority, requestOf(identity), nowMs));
  return files;
}

const requestOf = (identity: WantedIdentity) => ({
  commonName: `${identity.kind} ${identity.name} of ${identity.site}`,
  uris: identity.kind === "ledger" ? [identityUri(identity), routeUri] : [identityUri(identity)],
  addresses: identity.addresses,
  hostNames: identity.hostNames ?? [],
});

function isGood(
  { certFile, keyFile }: TlsFiles,
  authority: KeyAndCertificate,
  { addresses, hostNames = [] }: WantedIdentity,
  nowMs: number,
): boolean {
  if (!existsSync(certFile) || !existsSync(keyFile)) return false;
  const certificate = new X509Certificate(readFileSync(certFile));
  return (
    Date.parse(certificate.validTo) - nowMs > renewBeforeMs &&
    certificate.checkPrivateKey(createPrivateKey(readFileSync(keyFile))) &&
    certificate.verify(new X509Certificate(authority.certPem).publicKey) &&
    addresses.every((address) => certificate.checkIP(address) !== undefined) &&
    hostNames.every((name) => certificate.checkHost(name) !== undefined)
  );
}

const filesIn = (dir: string) => ({ keyFile: join(dir, "key.pem"), certFile: join(dir, "cert.pem") });

/** The certificate last: where it is, the key that belongs to it is. */
function write(dir: string, { keyPem, certPem }: KeyAndCertificate): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  const { keyFile, certFile } = filesIn(dir);
  writeFileSynced(keyFile, `${keyPem}\n`, 0o600);
  writeFileSynced(certFile, `${certPem}\n`);
}
