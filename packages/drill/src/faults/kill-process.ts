/** kill -9 of one process of a role, started again after a while: what the faults of processes share. */
import type { ManagedProcess } from "@releve/server/cluster/running-cluster";
import type { Done, Harm } from "./fault.ts";

export async function killOne(
  { random }: Pick<Harm, "random">,
  victim: ManagedProcess,
  longestMs: number,
): Promise<Done> {
  await victim.killForGood();
  return {
    what: `${victim.name} killed`,
    holdMs: random.integer(500, longestMs),
    heal: () => victim.start(),
  };
}
