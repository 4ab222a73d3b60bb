import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { studyIdOf, type Digest, type Uuid } from "@releve/domain/ids";
import type { EventLog } from "@releve/ledger/event-log";
import { openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { studyStream } from "@releve/ledger/streams";
import { openIntakeJournal } from "@releve/store/intake-journal";
import { openObjectStore } from "@releve/store/object-store";
import { startNats, type TestNats } from "@releve/testkit/nats/nats-server";
import { beforeEach, expect, test } from "vitest";
import { markFileOf } from "../roles/mark-file.ts";
import { adoptLedger } from "./ledger-adopt.ts";

let dir: string;
let siteDir: string;
let nats: TestNats;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "ledger-adopt-"));
  siteDir = join(dir, "data", "site-a");
  nats = await startNats();
  return async () => {
    await nats[Symbol.asyncDispose]();
    await rm(dir, { recursive: true });
  };
});

const open = (): Promise<EventLog> =>
  openJetStreamLog({ servers: [nats.url], name: "gateway", markFile: markFileOf(siteDir, "gateway:site-a") });

async function adopted(yes: boolean): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  const ledger = { servers: [nats.url], name: "operator" };
  const code = await adoptLedger({ data: join(dir, "data"), yes, ledger, say: (line) => said.push(line) });
  return { code, said: said.join("\n") };
}

const digestOf = (digit: string) => digit.repeat(64) as Digest;
const study = { studyInstanceUid: "1.2.3", sopClassUid: "1.2.840.10008.5.1.4.1.1.2" };
const object = (digit: string) => ({
  digest: digestOf(digit),
  bytes: 10,
  sopClassUid: study.sopClassUid,
  sopInstanceUid: `1.2.3.4.${digit}`,
  seriesInstanceUid: "1.2.3.4",
  transferSyntaxUid: "1.2.840.10008.1.2.1",
});

async function accept(digits: readonly string[], dataDir = siteDir): Promise<void> {
  const journal = await openIntakeJournal({ dir: join(dataDir, "journal") });
  for (const digit of digits) {
    const digests = { dataSetDigest: digestOf(digit), attributesDigest: digestOf(digit) };
    const from = { atMs: 0, door: "stow" as const };
    await journal.append({ kind: "stored", ...study, ...object(digit), ...digests, ...from });
  }
  await journal.close();
}

function tell(log: EventLog, digit: string, expected: Parameters<EventLog["append"]>[2]) {
  const id = studyIdOf(study.studyInstanceUid);
  const { studyInstanceUid } = study;
  const event = {
    type: "StudyObjectsReceived" as const,
    study: id,
    studyInstanceUid,
    objects: [object(digit)],
  };
  const context = { atMs: 0, site: "site-a", actor: "gateway:site-a" };
  return log.append(studyStream(id), [{ eventId: crypto.randomUUID() as Uuid, context, event }], expected);
}

async function restoredLedger(): Promise<void> {
  await accept(["a", "b"]);
  await accept(["c"], join(dir, "data", "archive")); // knows no ledger
  const log = await open();
  const first = await tell(log, "a", "none");
  await nats.stop();
  await cp(nats.storeDirectory, join(dir, "backup"), { recursive: true });
  await nats.restart();
  await tell(log, "b", first.appended ? first.version : "none");
  await log.close();
  await nats.stop();
  await rm(nats.storeDirectory, { recursive: true });
  await cp(join(dir, "backup"), nats.storeDirectory, { recursive: true });
  await nats.restart();
}

test("a restored ledger is adopted only on confirmation, and what is missing is listed and kept", async () => {
  await restoredLedger();
  const store = await openObjectStore({ dir: join(siteDir, "store"), minFreeBytes: 0 });
  const { digest: result } = await store.put(new TextEncoder().encode("a result"), { maxBytes: 100 });
  const asked = await adopted(false);
  expect(asked.code).toBe(1);
  expect(asked.said).toContain("The ledger ends at 1, under epoch 1.");
  expect(asked.said).toContain("gateway-site-a knew position 2 under epoch 1: it is not there");
  expect(asked.said).toMatch(
    new RegExp(`1 accepted objects.*\\n  site-a ${digestOf("b")} 10 bytes 1.2.3.4.b`),
  );
  expect(asked.said).toMatch(new RegExp(`1 stored objects.*\\n  site-a ${result} 8 bytes`));
  await expect(open()).rejects.toMatchObject({ code: "LEDGER_RESTORED" });

  expect((await adopted(true)).code).toBe(0);
  const log = await open();
  expect(log.epoch).toBe(2);
  const events = [];
  for await (const commit of log.readAll()) events.push(...commit.events.map(({ event }) => event));
  const adoption = events.at(-1)!;
  expect(adoption).toMatchObject({ type: "LedgerAdopted", epoch: 2, tail: 1, remembered: 2 });
  const report = adoption.type === "LedgerAdopted" ? adoption.report : null;
  expect(JSON.parse((await store.read(report!)).toString())).toMatchObject({
    lost: [
      { digest: digestOf("b"), known: "accepted" },
      { digest: result, known: "unnamed" },
    ],
  });
  await log.close();
});

test("a ledger that is as remembered is not adopted", async () => {
  const log = await open();
  await tell(log, "a", "none");
  await log.close();
  expect(await adopted(true)).toMatchObject({
    code: 1,
    said: expect.stringContaining("nothing to adopt") as string,
  });
});
