/**
 * The people of the embedded identity provider: one a role, each with a password that was drawn and is shown once. Passwords
 * are kept hashed by scrypt. After `triesMax` wrong ones a name is locked, each time twice as long.
 */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";
import { roles, type Role } from "../roles.ts";
import { readOwn, writeOwn } from "./own-files.ts";

const userSchema = z.object({
  name: z.enum(roles),
  salt: z.string(),
  hash: z.string(),
  /** Wrong passwords since the last right one. */
  wrong: z.int().min(0),
  lockedUntilMs: z.number(),
});
const usersSchema = z.array(userSchema);
type User = z.infer<typeof userSchema>;

/** Shown to the person who started the system, and nowhere else. */
export type ShownPassword = { readonly name: Role; readonly password: string };

export type Verdict =
  | { readonly verdict: "right"; readonly name: Role }
  | { readonly verdict: "wrong" }
  | { readonly verdict: "locked"; readonly untilMs: number };

export const triesMax = 5;
const lockMs = 60_000;
const lockMaxMs = 3_600_000;

/** N=2^15, r=8, p=1: 32 MiB and a tenth of a second a try. */
const cost = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const derive = promisify<string, Buffer, number, typeof cost, Buffer>(scrypt);

/** @returns the passwords where there were no users yet, or all are drawn anew; else none. */
export async function ensureUsers(file: string, reset = false): Promise<readonly ShownPassword[]> {
  if (!reset && readOwn(file) !== undefined) return [];
  const shown = roles.map((name) => ({ name, password: randomBytes(12).toString("base64url") }));
  writeOwn(file, await Promise.all(shown.map(userWith)));
  return shown;
}

async function userWith({ name, password }: ShownPassword): Promise<User> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, 32, cost);
  return { name, salt: salt.toString("hex"), hash: hash.toString("hex"), wrong: 0, lockedUntilMs: 0 };
}

/** One try at a time: a name's tries are counted in the file, so that a restart forgives none. */
export function passwordChecker(file: string, nowMs: () => number) {
  let before: Promise<unknown> = Promise.resolve();
  return (name: string, password: string): Promise<Verdict> => {
    const verdict = before.then(() => check(file, name, password, nowMs()));
    before = verdict.catch(() => undefined);
    return verdict;
  };
}

/** What an unknown name is compared with, so that it takes as long as a known one. */
const nobody = { salt: "00", hash: "00".repeat(32) };

async function check(file: string, name: string, password: string, nowMs: number): Promise<Verdict> {
  const users = usersSchema.parse(readOwn(file) ?? []);
  const user = users.find((known) => known.name === name);
  if (user && user.lockedUntilMs > nowMs) return { verdict: "locked", untilMs: user.lockedUntilMs };
  const { salt, hash } = user ?? nobody;
  const derived = await derive(password, Buffer.from(salt, "hex"), 32, cost);
  const right = timingSafeEqual(derived, Buffer.from(hash, "hex"));
  if (!user) return { verdict: "wrong" };
  if (right && user.wrong === 0) return { verdict: "right", name: user.name };
  const tried = right ? { ...user, wrong: 0, lockedUntilMs: 0 } : afterWrong(user, nowMs);
  writeOwn(
    file,
    users.map((other) => (other === user ? tried : other)),
  );
  if (right) return { verdict: "right", name: user.name };
  return tried.lockedUntilMs > nowMs
    ? { verdict: "locked", untilMs: tried.lockedUntilMs }
    : { verdict: "wrong" };
}

function afterWrong(user: User, nowMs: number): User {
  const wrong = user.wrong + 1;
  const locks = wrong - triesMax;
  return { ...user, wrong, lockedUntilMs: locks < 0 ? 0 : nowMs + Math.min(lockMs * 2 ** locks, lockMaxMs) };
}
