import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import type { AddressInfo } from "node:net";
import { systemClock } from "@releve/domain/clock";
import { deliveryIdOf, digestOf, type JobId, type SiteId, type StudyId } from "@releve/domain/ids";
import { execute } from "@releve/ledger/command-handler";
import { deliveryDecider } from "@releve/ledger/deciders/delivery";
import { load } from "@releve/ledger/fold";
import { memoryLog } from "@releve/ledger/memory-log";
import { deliveryStream } from "@releve/ledger/streams";
import type { ObjectStore } from "@releve/store/object-store";
import { expect, onTestFinished, test } from "vitest";
import { confirmedObjects } from "../delivery/confirmed-objects.ts";
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

test("a PACS that took half of a delivery and then failed gets the rest, and nothing again", async () => {
  const { destination, timesSent } = await pacs(200, 503);
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
  await performAction(deps, { kind: "send", delivery, destination: "pacs" }, never);
  expect(await stateOf()).toMatchObject({ status: "pending", attempts: 1 });
  await performAction(deps, { kind: "send", delivery, destination: "pacs" }, never);
  expect(await stateOf()).toMatchObject({ status: "delivered", receipt: "STOW-RS 200 for 3 of 3 objects" });
  expect(["one", "two", "three"].map(timesSent)).toEqual([1, 2, 1]);
});
