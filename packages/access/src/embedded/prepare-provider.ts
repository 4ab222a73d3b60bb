/**
 * What the embedded identity provider needs before its first start: its signing key, the key of its cookies, a secret for each
 * client, and the users. Drawn once, kept with mode 0600; whoever is there already stays as it is.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { exportJWK, generateKeyPair } from "jose";
import { z } from "zod";
import { readOwn, readOwnText, writeOwn, writeOwnText } from "./own-files.ts";
import { ensureUsers, type ShownPassword } from "./users.ts";

const keysSchema = z.object({
  signing: z.record(z.string(), z.unknown()),
  cookies: z.array(z.string()).min(1),
});
export type ProviderKeys = z.infer<typeof keysSchema>;

export const usersFileIn = (dir: string): string => join(dir, "users.json");
const keysFileIn = (dir: string): string => join(dir, "keys.json");
/** The client's own copy: its process reads the secret there. */
export const secretFileOf = (dir: string, client: string): string => join(dir, `${client}.secret`);

/** @returns passwords to be shown to who starts it; none but at the first start. */
export async function prepareProvider(
  dir: string,
  clients: readonly string[],
): Promise<readonly ShownPassword[]> {
  if (readOwn(keysFileIn(dir)) === undefined) writeOwn(keysFileIn(dir), await newKeys());
  for (const client of clients) {
    const file = secretFileOf(dir, client);
    if (readOwnText(file) === undefined) writeOwnText(file, randomBytes(32).toString("base64url"));
  }
  return ensureUsers(usersFileIn(dir));
}

async function newKeys(): Promise<ProviderKeys> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = randomBytes(8).toString("hex");
  return {
    signing: { ...jwk, kid, alg: "RS256", use: "sig" },
    cookies: [randomBytes(32).toString("base64url")],
  };
}

/** @throws when it was not prepared. */
export const readKeys = (dir: string): ProviderKeys => keysSchema.parse(readOwn(keysFileIn(dir)));

/** @throws when there is no such file, or no secret in it. */
export const readSecret = (file: string): string => z.string().trim().min(16).parse(readOwnText(file));
