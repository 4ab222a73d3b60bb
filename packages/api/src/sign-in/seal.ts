/** Keeps what must not be read or changed outside: AES-256-GCM, bound to what it is for. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export type Sealer = {
  /** @param purpose the same is needed to open it again. */
  readonly seal: (purpose: string, content: unknown) => Uint8Array;
  /** @returns undefined for what was not sealed so, or with another key. */
  readonly open: (purpose: string, sealed: Uint8Array) => unknown;
};

const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

export const sealerWith = (key: Uint8Array): Sealer => ({
  seal: (purpose, content) => {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(purpose));
    const body = Buffer.concat([cipher.update(JSON.stringify(content)), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), body]);
  },
  open: (purpose, sealed) => {
    const bytes = Buffer.from(sealed);
    if (bytes.length < ivBytes + tagBytes) return undefined;
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, ivBytes))
      .setAAD(Buffer.from(purpose))
      .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    try {
      const body = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]);
      return JSON.parse(body.toString()) as unknown;
    } catch {
      return undefined; // forged, cut short, or of a key that was drawn anew
    }
  },
});

/** The key in this file, drawn at the first call; mode 0600. @throws what the file system says. */
export function keyIn(file: string): Uint8Array {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, randomBytes(keyBytes), { flag: "wx", mode: 0o600, flush: true });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  chmodSync(file, 0o600);
  const key = readFileSync(file);
  if (key.length !== keyBytes) throw new RangeError(`${file} holds no key of ${keyBytes} bytes`);
  return key;
}
