/**
 * The gateway is killed between each pair of steps from the first byte to the ledger, with the ledger up and down. Its next
 * start tells the ledger of every accepted object, once; a sender that got no answer sends again, and that is the same object.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "@releve/domain/clock";
import { digestOf, studyIdOf, type SiteId } from "@releve/domain/ids";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { studyStream } from "@releve/ledger/streams";
import { startNats, type TestNats } from "@releve/testkit/nats/nats-server";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { intakeFailpoints } from "../intake/failpoint.ts";
import { arrivalOf, temporaryIntake } from "../intake/intake.fixture.ts";
import { fileCheckpoint } from "./checkpoint.ts";
import { publishJournal, type PublishFailpoint } from "./publish-journal.ts";

const victim = fileURLToPath(new URL("kill-gateway.victim.ts", import.meta.url));
const publishFailpoints: readonly PublishFailpoint[] = ["batch-taken", "ledger-told", "checkpoint-written"];

let nats: TestNats;
beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => nats[Symbol.asyncDispose]());

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "kill-gateway-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function receiveAndDie(bytes: Uint8Array, dieAt: string): Promise<unknown> {
  const file = join(dir, "sent.dcm");
  writeFileSync(file, bytes);
  const args = ["--disable-warning=ExperimentalWarning", victim, dir, file, nats.url, dieAt];
  const [, signal] = await once(spawn(process.execPath, args, { stdio: "ignore" }), "exit");
  return signal;
}

/** What the gateway's next start does, with a sender that sends once more. */
async function startAgain(bytes: Uint8Array): Promise<string[]> {
  const { intake } = await temporaryIntake({ dir });
  const log = await openJetStreamLog({ servers: [nats.url], name: "test" });
  const checkpoint = fileCheckpoint(join(dir, "published"));
  const stopping = new AbortController();
  const deps = { journal: intake.journal, checkpoint, log, clock: systemClock, site: "site-a" as SiteId };
  const publishing = publishJournal(
    { ...deps, compare: async () => "same", onFault: () => {} },
    stopping.signal,
  );
  expect(["stored", "same"]).toContain((await intake.receive(arrivalOf(bytes))).kind);
  await vi.waitUntil(async () => (await checkpoint.read(1)) === intake.journal.last(), { timeout: 20_000 });
  stopping.abort();
  await publishing;
  await intake.close();
  const commits = await log.read(studyStream(studyIdOf(parseDicom(bytes).studyInstanceUid)));
  await log.close();
  return commits.flatMap(({ events }) =>
    events.flatMap(({ event }) =>
      event.type === "StudyObjectsReceived" ? event.objects.map(({ digest }) => digest) : [],
    ),
  );
}

const phantom = (study: string) => ctPhantom({ study, slices: 1, columns: 16, rows: 16 })[0]!.bytes;

test.each([...intakeFailpoints, ...publishFailpoints])("killed at %s with the ledger up", async (dieAt) => {
  const bytes = phantom(`up ${dieAt}`);
  expect(await receiveAndDie(bytes, dieAt)).toBe("SIGKILL");
  expect(await startAgain(bytes)).toEqual([digestOf(bytes)]);
});

test.each(intakeFailpoints)("killed at %s with the ledger down", async (dieAt) => {
  const bytes = phantom(`down ${dieAt}`);
  await nats.kill9();
  expect(await receiveAndDie(bytes, dieAt)).toBe("SIGKILL");
  await nats.restart();
  expect(await startAgain(bytes)).toEqual([digestOf(bytes)]);
});
