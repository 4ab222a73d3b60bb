/** The system's own certificate authority: EC P-256, valid from an hour before now, because clocks differ. */
import type { webcrypto } from "node:crypto";
// oxlint-disable-next-line import/no-unassigned-import -- it patches the global Reflect
import "reflect-metadata"; // the library's dependency injection asks for it
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  type JsonGeneralNames,
} from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 24 * 3_600_000;
/** A machine whose clock is days behind must still be able to connect: it does no harm there, but a refusal would. */
const backdatedDays = 7;
const authorityDays = 3650;
const certificateDays = 365;

/** PEM texts. The key is a secret. */
export type KeyAndCertificate = { readonly keyPem: string; readonly certPem: string };

export type CertificateRequest = {
  readonly commonName: string;
  readonly uris: readonly string[];
  /** Where it listens: what its clients compare the address with that they called. */
  readonly addresses: readonly string[];
  readonly hostNames: readonly string[];
};

export async function newAuthority(nowMs: number): Promise<KeyAndCertificate> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: ["Releve authority"] }],
    keys,
    ...validity(nowMs, authorityDays),
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { keyPem: await keyPem(keys), certPem: certificate.toString("pem") };
}

/** For both ends of a link: every process is a client of some and a server to others. */
export async function issueCertificate(
  authority: KeyAndCertificate,
  request: CertificateRequest,
  nowMs: number,
): Promise<KeyAndCertificate> {
  const issuer = new X509Certificate(authority.certPem);
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.create({
    subject: [{ CN: [request.commonName] }],
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey: await signingKey(authority.keyPem),
    ...validity(nowMs, certificateDays),
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      new SubjectAlternativeNameExtension(alternativeNames(request)),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { keyPem: await keyPem(keys), certPem: certificate.toString("pem") };
}

const alternativeNames = ({ uris, addresses, hostNames }: CertificateRequest): JsonGeneralNames => [
  ...uris.map((value) => ({ type: "url" as const, value })),
  ...addresses.map((value) => ({ type: "ip" as const, value })),
  ...hostNames.map((value) => ({ type: "dns" as const, value })),
];

const validity = (nowMs: number, days: number) => ({
  notBefore: new Date(nowMs - backdatedDays * dayMs),
  notAfter: new Date(nowMs + days * dayMs),
});

const newKeys = () => crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);

async function keyPem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  return PemConverter.encode(await crypto.subtle.exportKey("pkcs8", privateKey), PemConverter.PrivateKeyTag);
}

const signingKey = (pem: string) =>
  crypto.subtle.importKey("pkcs8", PemConverter.decodeFirst(pem), algorithm, false, ["sign"]);
