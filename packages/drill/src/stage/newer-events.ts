/** Commits that only newer code than ours can read: a newer schema of an event that we know, and one of an unknown type. */
import { randomUUID } from "node:crypto";
import type { Uuid } from "@releve/domain/ids";
import { subjectOf } from "@releve/ledger/streams";
import type { RunningCluster } from "@releve/server/cluster/running-cluster";
import { connectCore } from "@releve/wire/core-connection";

const ackMs = 10_000;

/** Each in a stream of its own: whoever must decide over such a stream waits for newer code, everybody else goes on. */
export async function putNewerEvents({ ledger }: RunningCluster): Promise<void> {
  const connection = await connectCore({ ...ledger, name: "drill-newer" });
  try {
    for (const { kind, event, schema } of newer) {
      const id = randomUUID() as Uuid;
      const context = { atMs: Date.now(), site: "site-a", actor: "drill" };
      const events = [{ eventId: randomUUID(), schema, context, event: { ...event, id } }];
      const commit = JSON.stringify({ format: 1, events });
      await connection.request(subjectOf({ kind, id }), commit, { timeout: ackMs });
    }
  } finally {
    await connection.close();
  }
}

const newer = [
  { kind: "node", schema: 99, event: { type: "NodeResumed", of: "tomorrow" } },
  { kind: "job", schema: 1, event: { type: "JobOfTomorrow" } },
  { kind: "delivery", schema: 1, event: { type: "DeliveryOfTomorrow" } },
] as const;
