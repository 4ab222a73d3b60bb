/**
 * Sign-ins on disk: a restart of the API keeps them. What they hold is sealed, and the cookie's value is not here, only its
 * hash: who reads the file can neither act as somebody nor see a token.
 */
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Person } from "@releve/access/person";
import type { Sealer } from "./seal.ts";

export type SignInRecord = {
  readonly person: Person;
  readonly refreshToken: string;
  /** When the access token that was seen last expires. */
  readonly tokenExpiresAtMs: number;
  /** When the identity provider last said yes. */
  readonly verifiedAtMs: number;
  readonly signedInAtMs: number;
};

/** How the provider names the sign-in or the person: what its logout names. */
export type ProviderNames = { readonly session: string | undefined; readonly subject: string };

export type SessionStore = {
  readonly add: (id: SignInId, record: SignInRecord, names: ProviderNames, endsAtMs: number) => void;
  readonly find: (id: SignInId, nowMs: number) => SignInRecord | undefined;
  /** @returns what it was told. */
  readonly update: (id: SignInId, record: SignInRecord) => SignInRecord;
  readonly remove: (id: SignInId) => void;
  /** @returns whose sign-ins the provider has ended. */
  readonly idsOf: (names: Partial<ProviderNames>) => readonly SignInId[];
  readonly close: () => void;
};

/** SHA-256 of a cookie's value. */
export type SignInId = string & { readonly of?: "sign-in" };
export const signInIdOf = (cookie: string): SignInId => hashOf(cookie);

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
const nameOf = (name: string | undefined): string | null => (name === undefined ? null : hashOf(name));

const schema = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS signIn (
    id TEXT PRIMARY KEY, sealed BLOB NOT NULL, providerSession TEXT, providerSubject TEXT NOT NULL, endsAtMs REAL NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS bySession ON signIn (providerSession);
  CREATE INDEX IF NOT EXISTS bySubject ON signIn (providerSubject);`;

/** @param file `:memory:` keeps nothing. */
export function openSessionStore(file: string, sealer: Sealer): SessionStore {
  if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(file);
  if (file !== ":memory:") chmodSync(file, 0o600);
  database.exec(schema);
  const insert = database.prepare("INSERT INTO signIn VALUES (?, ?, ?, ?, ?)");
  const select = database.prepare("SELECT sealed FROM signIn WHERE id = ? AND endsAtMs > ?");
  const update = database.prepare("UPDATE signIn SET sealed = ? WHERE id = ?");
  const remove = database.prepare("DELETE FROM signIn WHERE id = ?");
  const ended = database.prepare("DELETE FROM signIn WHERE endsAtMs <= ?");
  const named = database.prepare(
    "SELECT id FROM signIn WHERE providerSession = ?1 OR (?1 IS NULL AND providerSubject = ?2)",
  );
  return {
    add: (id, record, { session, subject }, endsAtMs) => {
      ended.run(record.signedInAtMs);
      insert.run(id, sealer.seal(id, record), nameOf(session), nameOf(subject), endsAtMs);
    },
    find: (id, nowMs) => {
      const row = select.get(id, nowMs);
      return row && (sealer.open(id, row["sealed"] as Uint8Array) as SignInRecord | undefined);
    },
    update: (id, record) => {
      update.run(sealer.seal(id, record), id);
      return record;
    },
    remove: (id) => void remove.run(id),
    idsOf: ({ session, subject }) =>
      named.all(nameOf(session), nameOf(subject)).map((row) => String(row["id"])),
    close: () => database.close(),
  };
}
