/**
 * The second site's gateway is killed between each pair of steps of a copy. Its next start copies what is left and nothing
 * again that had come, and the ledger hears of every object once.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { digestOf, studyIdOf, type Digest, type SiteId } from "@releve/domain/ids";
import { execute } from "@releve/ledger/command-handler";
import { siteDecider } from "@releve/ledger/deciders/site";
import { studyDecider } from "@releve/ledger/deciders/study";
import type { EventLog } from "@releve/ledger/event-log";
import { openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { siteStream, studyStream } from "@releve/ledger/streams";
import type { StoreFailpoint } from "@releve/store/failpoint";
import { openObjectStore } from "@releve/store/object-store";
import { startNats, type TestNats } from "@releve/testkit/nats/nats-server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { temporaryWebDoor, type TemporaryWebDoor } from "../doors/web-door.fixture.ts";
import type { ReplicationFailpoint } from "./run-replication.ts";

const victim = fileURLToPath(new URL("kill-replication.victim.ts", import.meta.url));
const objectCount = 20;
const objectBytes = (number: number) => Buffer.alloc(50_000, `object ${number}`);
const study = studyIdOf("1.2.3");
const context = { atMs: 0, site: "site-a", actor: "test" };

let nats: TestNats;
let log: EventLog;
let home: TemporaryWebDoor;
let dir: string;
const sent: Digest[] = [];
beforeEach(async () => {
  nats = await startNats();
  log = await openJetStreamLog({ servers: [nats.url], name: "test" });
  home = await temporaryWebDoor();
  dir = mkdtempSync(join(tmpdir(), "kill-replication-"));
  sent.length = 0;
  home.server.on("request", ({ url }, response) =>
    response.once("finish", () => sent.push(url!.split("/").at(-1) as Digest)),
  );
  await receiveStudy();
});
afterEach(async () => {
  await log.close();
  await home.close();
  await nats[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true, force: true });
});

async function receiveStudy(): Promise<void> {
  for (const site of ["site-a", "site-b"] as SiteId[]) {
    const join = { type: "join", site, mode: "member", safety: "safe-2" } as const;
    await execute(log, siteStream(site), siteDecider, join, context);
  }
  const objects = [];
  for (let number = 0; number < objectCount; number++) {
    const { digest, bytes } = await home.intake.store.put(objectBytes(number), { maxBytes: 100_000 });
    const sopInstanceUid = `1.2.3.${number}`;
    const uids = { sopClassUid: "1.2", sopInstanceUid, seriesInstanceUid: "1.2.3", transferSyntaxUid: "1.2" };
    objects.push({ digest, bytes, ...uids });
  }
  const command = { type: "receive", study, studyInstanceUid: "1.2.3", objects } as const;
  await execute(log, studyStream(study), studyDecider, command, context);
}

function replicate(...dieAt: readonly string[]) {
  const args = ["--disable-warning=ExperimentalWarning", victim, dir, home.url, nats.url, ...dieAt];
  return spawn(process.execPath, args, { stdio: "ignore" });
}

const told = async (): Promise<Digest[]> =>
  (await log.read(studyStream(study))).flatMap(({ events }) =>
    events.flatMap(({ event }) => (event.type === "StudyObjectsReplicated" ? event.digests : [])),
  );

const steps: readonly (readonly [StoreFailpoint | ReplicationFailpoint, number])[] = [
  ["object-received", 5],
  ["object-written", 5],
  ["object-synced", 5],
  ["object-renamed", 5],
  ["object-committed", 5],
  ["objects-copied", 1],
  ["copies-told", 1],
];

test.each(steps)("killed at %s", async (dieAt, times) => {
  const [, signal] = await once(replicate(dieAt, String(times)), "exit");
  expect(signal).toBe("SIGKILL");
  const keptBefore = await kept();

  const next = replicate();
  await vi.waitUntil(async () => (await told()).length >= objectCount, { timeout: 20_000 });
  next.kill("SIGKILL");
  await once(next, "exit");
  const all = Array.from({ length: objectCount }, (_, number) => digestOf(objectBytes(number)));
  expect((await told()).toSorted()).toEqual(all.toSorted());
  expect(await kept()).toHaveLength(objectCount);
  for (const digest of keptBefore) expect(sent.filter((one) => one === digest).length).toBeLessThanOrEqual(1);
});

/** What lies whole in the second site's store. */
async function kept(): Promise<Digest[]> {
  const store = await openObjectStore({ dir, minFreeBytes: 0 });
  const all = Array.from({ length: objectCount }, (_, number) => objectBytes(number));
  const found: Digest[] = [];
  for (const bytes of all) {
    const digest = digestOf(bytes);
    if (await store.has(digest))
      found.push((await store.read(digest)).equals(bytes) ? digest : ("wrong" as Digest));
  }
  return found;
}
