/** Says over core NATS what drill is running, for the console. A watcher's comfort: when it cannot be said, the drill goes on. */
import { connectCore } from "@releve/wire/core-connection";
import { drillStatusEveryMs, drillStatusSubject, type DrillStatus } from "@releve/wire/drill-status";
import type { RunningCluster } from "@releve/server/cluster/running-cluster";

export type StatusPublisher = {
  readonly say: (status: DrillStatus) => void;
  readonly stop: () => Promise<void>;
};

export async function publishStatus({ ledger }: RunningCluster): Promise<StatusPublisher> {
  const connection = await connectCore({ ...ledger, name: "drill-status" });
  let last: DrillStatus | undefined;
  const publish = () => {
    if (last && !connection.isClosed()) connection.publish(drillStatusSubject, JSON.stringify(last));
  };
  const timer = setInterval(publish, drillStatusEveryMs);
  return {
    say: (status) => {
      last = status;
      publish();
    },
    stop: async () => {
      clearInterval(timer);
      await connection.close();
    },
  };
}
