/** `releve ledger copy LEDGER`: asks the ledger's servers here to keep a copy of another ledger, from now on. */
import { Fault } from "@releve/domain/fault";
import { isName } from "@releve/domain/ids";
import { askForCopy } from "@releve/ledger/jetstream/autonomous-ledger";
import { runningLedger } from "./open-running.ts";

/** Twice is once. @returns the exit code. @throws Fault LEDGER_NAME_INVALID, NOT_RUNNING; of the ledger. */
export async function copyLedger(args: { readonly data: string; readonly ledger: string }): Promise<number> {
  const { ledger } = args;
  if (!isName(ledger))
    throw new Fault("LEDGER_NAME_INVALID", "a ledger is the name of an autonomous site, or hub", "never");
  const { stream, ...link } = runningLedger(args.data);
  await askForCopy({ ...link, ledger, replicas: stream.replicas });
  process.stdout.write(`The ledger of ${ledger} is copied here from now on, whenever it can be reached.\n`);
  return 0;
}
