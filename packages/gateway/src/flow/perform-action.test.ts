import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import type { AddressInfo } from "node:net";
import { systemClock } from "@releve/domain/clock";
import {
  deliveryIdOf,
  digestOf,
  type JobId,
  type NodeId,
  type SiteId,
  type StudyId,
  type Uuid,
} from "@releve/domain/ids";
import { execute } from "@releve/ledger/command-handler";
import { deliveryDecider } from "@releve/ledger/deciders/delivery";
import type { Context } from "@releve/ledger/envelope";
import type { EventLog, StreamId, Version } from "@releve/ledger/event-log";
import type { JobEvent } from "@releve/ledger/events/job";
import { load } from "@releve/ledger/fold";
import { memoryLog } from "@releve/ledger/memory-log";
import { deliveryStream, jobStream } from "@releve/ledger/streams";
import type { ObjectStore } from "@releve/store/object-store";
import { expect, onTestFinished, test } from "vitest";
import { confirmedObjects } from "../delivery/confirmed-objects.ts";
import type { Destination } from "../delivery/destination.ts";
import { performAction } from "./perform-action.ts";

const site = "site-a" as SiteId;
const job = "20000000-0000-5000-8000-000000000001" as JobId;
const delivery = deliveryIdOf(job, "pacs");
const never = new AbortController().signal;

/** Each object is said to be so large that it has a request of its own. */
const objects = ["one", "two", "three"].map((name) => ({
  digest: digestOf(name),
  bytes: 30 * 1024 * 1024,
  sopClassUid: "1.2",
  sopInstanceUid: `1.2.${name.length}`,
  seriesInstanceUid: "1.2",
  transferSyntaxUid: "1.2.840.10008.1.2.1",
}));

/** A PACS that answers with the statuses in turn, then 200. */
async function pacs(...statuses: readonly number[]) {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const answer = (body: Buffer) =>
      response.writeHead(statuses[bodies.push(body.toString()) - 1] ?? 200).end();
    void buffer(request).then(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const timesSent = (name: string) => bodies.filter((body) => body.includes(`<${name}>`)).length;
  return { destination: { kind: "stow", name: "pacs", url: `http://127.0.0.1:${port}` } as const, timesSent };
}

/** The delivery is asked for, and this gateway would send it. */
async function requested(destination: Destination) {
  const log = memoryLog();
  const request = { delivery, job, study: job as string as StudyId, destination: "pacs", site, objects };
  const context = { atMs: 0, site, actor: "test" };
  await execute(log, deliveryStream(delivery), deliveryDecider, { type: "request", request }, context);
  const names = new Map(["one", "two", "three"].map((name) => [digestOf(name), name]));
  const deps = {
    log,
    clock: systemClock,
    site,
    store: {} as ObjectStore,
    catalogue: [],
    destinations: [destination],
    confirmed: confirmedObjects(),
    admit: () => ({ admitted: true, forecastMs: null }) as const,
    readObject: async (digest: string) => Buffer.from(`<${names.get(digest as never)}>`),
    callingAeTitle: "TEST",
  };
  const stateOf = async () => (await load(log, deliveryStream(delivery), deliveryDecider)).state;
  const send = () => performAction(deps, { kind: "send", delivery, destination: "pacs" }, never);
  const append = (event: JobEvent) => appendTo(log, jobStream(job), event, context);
  return { send, stateOf, append };
}

async function appendTo(log: EventLog, stream: StreamId, event: JobEvent, context: Context) {
  const expected = (await log.read(stream)).at(-1)?.version ?? "none";
  await log.append(stream, [{ eventId: randomUUID() as Uuid, context, event }], expected);
}

test("a PACS that took half of a delivery and then failed gets the rest, and nothing again", async () => {
  const { destination, timesSent } = await pacs(200, 503);
  const { send, stateOf } = await requested(destination);
  await send();
  expect(await stateOf()).toMatchObject({ status: "pending", attempts: 1 });
  await send();
  expect(await stateOf()).toMatchObject({ status: "delivered", receipt: "STOW-RS 200 for 3 of 3 objects" });
  expect(["one", "two", "three"].map(timesSent)).toEqual([1, 2, 1]);
});

test("of a completion that counts no more nothing further is sent, and the delivery says why", async () => {
  const { destination, timesSent } = await pacs(200, 503);
  const { send, stateOf, append } = await requested(destination);
  await append(requestedJob);
  await append(completedJob);
  await send();
  expect(["one", "two", "three"].map(timesSent)).toEqual([1, 1, 0]);
  await append({ type: "JobSuperseded", job, by: job, bySite: "site-0" as SiteId });
  await send();
  expect(await stateOf()).toMatchObject({ status: "stopped", code: "JOB_SUPERSEDED" });
  expect(["one", "two", "three"].map(timesSent)).toEqual([1, 1, 0]);
});

const requestedJob: JobEvent = {
  type: "JobRequested",
  job,
  study: job as string as StudyId,
  application: "mip",
  applicationVersion: "1",
  parameters: {},
  plan: digestOf("plan"),
  inputSite: site,
  inputBytes: 1,
  needBytes: 1,
  priority: "routine",
  deadlineAtMs: null,
};
const completedJob: JobEvent = {
  type: "JobCompleted",
  job,
  node: "a1" as NodeId,
  site,
  attempt: 1,
  token: { epoch: 1, version: 1 as Version },
  outputs: objects,
  pictures: [],
  engine: "cpu",
  computeMs: 1,
  remarks: [],
};
