/** Starts one server of a replicated ledger, and decides what to do with a store that was put back from a backup. */
import { systemClock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { LedgerMember } from "@releve/ledger/jetstream/ledger-members";
import type { Child } from "./child.ts";
import { startNatsServer, type NatsPlan } from "./nats-process.ts";
import { markStore, moveStoreAside, storeStateOf } from "./store-state.ts";

export type MemberSurroundings = {
  /** What the other servers say now. @throws Fault while they have no leader. */
  readonly members: () => Promise<readonly LedgerMember[]>;
  readonly say: (sentence: string) => void;
};

const othersWithinMs = 30_000;
const lookEveryMs = 250;

/**
 * A store that was put back votes without knowing what it had promised, so it is moved aside, and the server gets everything
 * again from the others; that is done only while every other member has everything. Otherwise the store stays, and the marks
 * that the roles keep refuse a ledger that became older than it was.
 */
export async function startLedgerMember(plan: NatsPlan, around: MemberSurroundings): Promise<Child> {
  if (storeStateOf(plan.dir) === "restored") await judgeRestored(plan, around);
  markStore(plan.dir);
  return startNatsServer(plan);
}

async function judgeRestored({ dir, serverName }: NatsPlan, around: MemberSurroundings): Promise<void> {
  if (await othersHaveEverything(serverName, around)) {
    const aside = moveStoreAside(dir, systemClock.nowMs());
    around.say(
      `${serverName} came back with an older store: it starts empty and gets all of it from the others; the old one is kept in ${aside}`,
    );
  } else {
    around.say(
      `${serverName} came back with an older store and the others cannot stand in for it: it is left as it is`,
    );
  }
}

async function othersHaveEverything(serverName: string, { members }: MemberSurroundings): Promise<boolean> {
  const untilMs = systemClock.nowMs() + othersWithinMs;
  while (systemClock.nowMs() < untilMs) {
    const others = await membersOrNone(members);
    const without = others.filter(({ server }) => server !== serverName);
    if (without.length >= 2 && without.every(({ current }) => current)) return true;
    await systemClock.wait(lookEveryMs);
  }
  return false;
}

async function membersOrNone(members: MemberSurroundings["members"]): Promise<readonly LedgerMember[]> {
  try {
    return await members();
  } catch (error) {
    if (error instanceof Fault) return []; // no leader yet, or not enough servers for one
    throw error;
  }
}
