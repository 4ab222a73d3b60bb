/** `releve users reset`: new passwords for the embedded identity provider's users, shown once. Those of before count no more. */
import { existsSync } from "node:fs";
import { usersFileIn } from "@releve/access/embedded/prepare-provider";
import { ensureUsers, type ShownPassword } from "@releve/access/embedded/users";
import { Fault } from "@releve/domain/fault";
import { identityDirIn } from "../cluster/topology.ts";

/** @returns the exit code. @throws Fault NOT_RUNNING where nothing was ever started with sign-in. */
export async function resetUsers({ data }: { readonly data: string }): Promise<number> {
  const file = usersFileIn(identityDirIn(data));
  if (!existsSync(file))
    throw new Fault("NOT_RUNNING", "no users were ever made here: npm start makes them", "later");
  for (const line of passwordLines(await ensureUsers(file, true))) process.stdout.write(`${line}\n`);
  return 0;
}

/** For the screen of whoever may see them. */
export function passwordLines(shown: readonly ShownPassword[]): readonly string[] {
  if (shown.length === 0) return [];
  const lines = shown.map(({ name, password }) => `  ${name.padEnd(18)} ${password}`);
  return ["users and passwords, shown this once (releve users reset draws new ones):", ...lines];
}
