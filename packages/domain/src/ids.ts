/** Branded identifiers. A DICOM UID is never an id: UIDs identify people's images, ids go into subjects and paths. */
import { createHash } from "node:crypto";

declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

export type Uuid = Brand<string, "Uuid">;
export type StudyId = Brand<string, "Uuid"> & { readonly of?: "study" };
export type JobId = Brand<string, "Uuid"> & { readonly of?: "job" };
export type DeliveryId = Brand<string, "Uuid"> & { readonly of?: "delivery" };
export type SessionId = Brand<string, "Uuid"> & { readonly of?: "session" };
/** A person as the ledger knows one: UUIDv5 of the identity provider's issuer and subject. */
export type SubjectId = Brand<string, "Uuid"> & { readonly of?: "subject" };
export type NodeId = Brand<string, "NodeId">;
export type SiteId = Brand<string, "SiteId">;
/** Lower-case hexadecimal SHA-256. */
export type Digest = Brand<string, "Digest">;
/** A DICOM unique identifier, PS3.5 section 9: digits and dots, at most 64 characters. */
export type Uid = Brand<string, "Uid">;

const uidPattern = /^(0|[1-9]\d*)(\.(0|[1-9]\d*))*$/;
const namePattern = /^[a-z0-9][a-z0-9-]{0,30}$/;

export function isUid(text: string): text is Uid {
  return text.length > 0 && text.length <= 64 && uidPattern.test(text);
}

export function isUuid(text: string): text is Uuid {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);
}

export function isDigest(text: string): text is Digest {
  return /^[0-9a-f]{64}$/.test(text);
}

/** A site or node name: lower-case letters, digits and dashes, at most 31, so that it fits a subject and a host name. */
export function isName(text: string): boolean {
  return namePattern.test(text);
}

/** RFC 9562 version 5 UUID of `name` in `namespace`. */
export function uuidV5(namespace: Uuid, name: string): Uuid {
  const hash = createHash("sha1")
    .update(Buffer.from(namespace.replaceAll("-", ""), "hex"))
    .update(name, "utf8")
    .digest();
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.subarray(0, 16).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
    "-",
  ) as Uuid;
}

/** The namespace of every id that Relève derives; drawn once, never to change. */
const releveNamespace = "6f1d4c1e-52a7-4e0b-9d0e-3b7f0c6a9e21" as Uuid;

export function studyIdOf(studyInstanceUid: string): StudyId {
  return uuidV5(releveNamespace, `study ${studyInstanceUid}`);
}

/** The same request twice is one job: application, version, parameters (canonical JSON) and the digest of the input. */
export function jobIdOf(request: {
  application: string;
  version: string;
  parameters: string;
  inputDigest: Digest;
}): JobId {
  return uuidV5(
    releveNamespace,
    `job ${request.application} ${request.version} ${request.inputDigest} ${request.parameters}`,
  );
}

export function deliveryIdOf(job: JobId, destination: string): DeliveryId {
  return uuidV5(releveNamespace, `delivery ${job} ${destination}`);
}

/** @param issuer and `subject` as the identity provider writes them into its tokens. */
export function subjectIdOf(issuer: string, subject: string): SubjectId {
  return uuidV5(releveNamespace, `subject ${issuer} ${subject}`);
}

/**
 * A DICOM UID under the UUID-derived root 2.25 (PS3.5 annex B.2): the decimal of 128 bits of SHA-256 of `name`.
 * The same name gives the same UID on every node, which is what makes a repeated result the same object.
 */
export function derivedUid(name: string): Uid {
  const bits = createHash("sha256").update(name, "utf8").digest("hex").slice(0, 32);
  return `2.25.${BigInt(`0x${bits}`)}` as Uid;
}

export function digestOf(bytes: Uint8Array | string): Digest {
  return createHash("sha256").update(bytes).digest("hex") as Digest;
}
