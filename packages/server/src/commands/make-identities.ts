/** `releve identities`: the keys and certificates of an installation, and the accounts that its ledger servers include. */
import { join } from "node:path";
import { systemClock } from "@releve/domain/clock";
import { ledgerStream } from "@releve/ledger/jetstream/jetstream-log";
import { natsAccountsConfig } from "@releve/ledger/jetstream/server-config";
import { writeFileSynced } from "../cluster/write-file-synced.ts";
import { ledgerAccounts } from "../identities/accounts.ts";
import { ensureIdentities } from "../identities/ensure-identities.ts";
import { identitiesOf, readInstallation } from "../identities/installation.ts";

/** Makes what is missing and renews what is nearly expired. @returns the exit code. @throws Fault INSTALLATION_INVALID. */
export async function makeIdentities(args: {
  readonly installation: string;
  readonly dir: string;
}): Promise<number> {
  const identities = identitiesOf(readInstallation(args.installation));
  const files = await ensureIdentities(args.dir, identities, systemClock.nowMs());
  const accounts = natsAccountsConfig(ledgerAccounts(identities, ledgerStream.name));
  writeFileSynced(join(args.dir, "accounts.conf"), accounts);
  process.stdout.write(`${files.length} identities and accounts.conf are in ${args.dir}\n`);
  return 0;
}
