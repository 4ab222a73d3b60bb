/** A process under its own certificate appends in groups and reads long ranges as one without certificates does. */
import { uuidV5, type JobId, type Uuid } from "@releve/domain/ids";
import type { EventLog } from "@releve/ledger/event-log";
import { openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { jobStream } from "@releve/ledger/streams";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { nodeA1, operator, startGuardedServer, type GuardedServer } from "./identities.fixture.ts";
import { inboxPrefixOf, type Identity } from "./identity.ts";
import { apiPrefixOf } from "./permissions.ts";

let server: GuardedServer;
beforeAll(async () => {
  server = await startGuardedServer();
});
afterAll(() => server.stop());

async function openAs(identity: Identity): Promise<EventLog> {
  const log = await openJetStreamLog({
    servers: [server.url],
    name: "test",
    tls: server.tlsOf(identity),
    inboxPrefix: inboxPrefixOf(identity),
    apiPrefix: apiPrefixOf(identity),
  });
  onTestFinished(() => log.close());
  return log;
}

const namespace = "a5cf2a52-3a3a-4c4b-9a57-2c1c4a1f2b11" as Uuid;
const jobs = Array.from(
  { length: 1_500 },
  (_, index) => uuidV5(namespace, `job ${index}`) as string as JobId,
);

test("1,500 commits at once by a node are each there once, and it reads them all", async () => {
  await openAs(operator); // makes the stream
  const log = await openAs(nodeA1);
  const context = { atMs: 0, site: "site-a", actor: "node:a1" };
  const outcomes = await Promise.all(
    jobs.map((job) => {
      const eventId = uuidV5(namespace, `event of ${job}`);
      const event = { type: "JobCancelled", job, reason: "test" } as const;
      return log.append(jobStream(job), [{ eventId, context, event }], "none");
    }),
  );
  expect(outcomes.every(({ appended }) => appended)).toBe(true);
  const read: JobId[] = [];
  for await (const { stream } of log.readAll()) read.push(stream.id as string as JobId);
  expect(read.toSorted()).toEqual(jobs.toSorted());
});
