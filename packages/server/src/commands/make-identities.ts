/** `releve identities`: the keys and certificates of an installation, and the accounts that its ledger servers include. */
import { join } from "node:path";
import { systemClock } from "@releve/domain/clock";
import { copyNameOf } from "@releve/ledger/jetstream/autonomous-ledger";
import { ledgerStream } from "@releve/ledger/jetstream/jetstream-log";
import { natsAccountsConfig } from "@releve/ledger/jetstream/accounts-config";
import { writeFileSynced } from "../cluster/write-file-synced.ts";
import { ledgerAccounts } from "../identities/accounts.ts";
import { ensureIdentities } from "../identities/ensure-identities.ts";
import { identitiesOf, ledgersOf, readInstallation } from "../identities/installation.ts";

/** Makes what is missing and renews what is nearly expired. @returns the exit code. @throws Fault INSTALLATION_INVALID. */
export async function makeIdentities(args: {
  readonly installation: string;
  readonly dir: string;
}): Promise<number> {
  const installation = readInstallation(args.installation);
  const identities = identitiesOf(installation);
  const files = await ensureIdentities(args.dir, identities, systemClock.nowMs());
  const ledgers = ledgersOf(installation);
  for (const { accountsFile, identities: own, copies } of ledgers) {
    const accounts = ledgerAccounts(own, ledgerStream.name, copies.map(copyNameOf));
    writeFileSynced(join(args.dir, accountsFile), natsAccountsConfig(accounts));
  }
  const written = ledgers.map(({ accountsFile }) => accountsFile).join(", ");
  process.stdout.write(`${files.length} identities and ${written} are in ${args.dir}\n`);
  return 0;
}
