/** kill -9 of the ledger server that leads: JetStream elects another in 4 to 9 s, and meanwhile nobody can append. */
import { DrillFault } from "../faults.ts";
import type { Stage } from "../stage/stage.ts";
import type { ManagedProcess } from "@releve/server/cluster/running-cluster";
import type { FaultDrill } from "./fault.ts";
import { killOne } from "./kill-process.ts";

export const killLedgerLeader: FaultDrill = {
  what: "kill -9 of the ledger's leader, started again after 0.5 to 12 s",
  needs: [],
  when: "any",
  inject: async (harm) => killOne(harm, await ledgerLeader(harm.stage), 12_000),
};

/** @throws DrillFault NOTHING_TO_HARM when none leads. */
export async function ledgerLeader({ cluster }: Stage): Promise<ManagedProcess> {
  const name = await cluster.ledgerLeader();
  const leader = cluster.processes.find((process) => process.name === name);
  if (!leader) throw new DrillFault("NOTHING_TO_HARM", "the ledger has no leader before the fault");
  return leader;
}
