/** A node's heartbeats and what it hears of others: the real liveness over the simulated bus. */
import type { Incarnation } from "@releve/ledger/dispatch/lost-nodes";
import { aliveNodes, hearsItself, isHeardElsewhere, unheard } from "@releve/recon/heard-nodes";
import { heartbeatEveryMs, type Heartbeat } from "@releve/wire/heartbeat";
import { answered, reconnected } from "@releve/wire/own-ears";
import { heard } from "@releve/wire/take-beat";
import { judge, suspectsOf } from "@releve/wire/judge-silence";
import { newLiveness, type Judged, type LivenessChange } from "@releve/wire/liveness";
import type { SimProcess } from "../kernel/sim-process.ts";
import type { PlannedNode } from "../scenario/plan.ts";
import type { Connection } from "../stream/connection.ts";
import { siteName, type World } from "./world.ts";

/** As the listener and the role of the product do it. */
const judgeEveryMs = 100;
const pingMs = 1;

/** One start of a node's process. */
export type Start = {
  readonly main: SimProcess;
  /** The thread that beats: it goes on when the main loop is busy. */
  readonly beater: SimProcess;
  readonly incarnation: string;
  readonly stop: AbortController;
  stalledSinceMs: number | undefined;
};

type Beating = Pick<Heartbeat, "busy" | "progress" | "draining" | "suspects">;

export function newBeating(world: World, start: Start, planned: PlannedNode, connection: Connection) {
  const { main, beater, incarnation } = start;
  const { scheduler, bus } = world;
  const site = siteName(planned.site);
  const nowMs = () => main.clock.nowMs();
  let said: Beating = { busy: 0, progress: {}, draining: false, suspects: null };
  let liveness = newLiveness(nowMs(), `${site}/${planned.name}`);
  let sequence = 0;

  const beat = () => {
    const loopLagMs = start.stalledSinceMs === undefined ? 0 : scheduler.nowMs - start.stalledSinceMs;
    const kind = "recon" as const;
    const fixed = {
      node: planned.name,
      site,
      kind,
      incarnation,
      slots: planned.slots,
      memoryBytes: 1_000_000,
      engine: "simulated",
    };
    bus.send(connection, { ...fixed, ...said, sequence: sequence++, loopLagMs });
    beater.after(heartbeatEveryMs, "beats", beat, true);
  };

  const observe = (onChange: (change: LivenessChange) => void) => {
    const take = (judged: Judged) => {
      liveness = judged.liveness;
      for (const change of judged.changes) onChange(change);
    };
    const look = () => {
      if (bus.answers(connection))
        main.after(pingMs, "pong", () => (liveness = answered(liveness, nowMs())), true);
      take(judge(liveness, nowMs()));
      said = { ...said, suspects: suspectsOf(liveness, nowMs()) };
      main.after(judgeEveryMs, "judge", look, true);
    };
    bus.listen({ connection, hear: (heartbeat) => take(heard(liveness, heartbeat, nowMs())) });
    connection.onReconnect(() => (liveness = reconnected(liveness, nowMs())));
    beat();
    look();
  };

  return {
    observe,
    aliveNodes: () => aliveNodes(liveness),
    hearsItself: () => hearsItself(liveness, nowMs()),
    isHeardElsewhere: (other: Incarnation) => isHeardElsewhere(liveness, other, nowMs()),
    unheard: (holders: readonly Incarnation[]) => unheard(holders, liveness, nowMs()),
    update: (now: Partial<Beating>) => (said = { ...said, ...now }),
  };
}
