/**
 * Malformed files through both doors. The table says what must become of each; nothing is skipped, memory stays bounded,
 * and another association goes on undisturbed.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openAssociation } from "@releve/dicom/dimse/scu";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import type { ScpEvent } from "@releve/dicom/dimse/scp";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import { sharedData } from "@releve/testkit/shared-data";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loopbackPeers } from "../intake/admission.ts";
import { temporaryIntake, type TemporaryIntake } from "../intake/intake.fixture.ts";
import { openDimseDoor } from "./dimse-door.ts";
import { sendByDimse, sendByStow } from "./malformed.fixture.ts";
import table from "./malformed.table.json" with { type: "json" };
import { temporaryWebDoor } from "./web-door.fixture.ts";

const folder = sharedData("synthetic-truth/malformed");
const files = folder ? readdirSync(folder).filter((name) => name.endsWith(".dcm")) : [];
/** The largest file has 200 kB and the bomb may inflate to 64 MiB. */
const rssGrowthMax = 512 * 1024 * 1024;

type Row = { readonly file: string; readonly dimse: string; readonly stow: string };
const rows: Row[] = [];
const events: ScpEvent[] = [];
const answers: string[] = [];
const paths: string[] = [];
let good: TemporaryIntake;
let broken: TemporaryIntake;
let rssGrowth = 0;

/** The other association: one good object after each malformed one, over the same listener. */
async function goodAssociation(port: number) {
  const objects = ctPhantom({ slices: files.length, columns: 8, rows: 8 }).map(({ bytes }) =>
    parseDicom(bytes),
  );
  const { sopClassUid, transferSyntaxUid } = objects[0]!;
  const association = await openAssociation({
    host: "127.0.0.1",
    port,
    callingAeTitle: "GOOD",
    calledAeTitle: "RELEVE",
    contexts: [{ abstractSyntax: sopClassUid, transferSyntaxes: [transferSyntaxUid] }],
    maxPduBytes: 16_384,
    connectMs: 5_000,
    responseMs: 20_000,
  });
  const statuses: number[] = [];
  return {
    statuses,
    release: () => association.release(),
    next: async () => {
      const object = objects[statuses.length]!;
      const dataSet = object.bytes.subarray(object.dataSetOffset);
      statuses.push((await association.store({ ...object, dataSet })).status);
    },
  };
}

let goodStatuses: readonly number[] = [];
beforeAll(async () => {
  if (!folder) return;
  good = await temporaryIntake();
  broken = await temporaryIntake();
  const scp = await openDimseDoor(
    // Malformed files share a SOP Instance UID: each gets a store of its own, behind the one listener.
    {
      ...good.intake,
      receive: (arrival) => (arrival.callingAeTitle === "GOOD" ? good : broken).intake.receive(arrival),
    },
    { host: "127.0.0.1", port: 0, peers: loopbackPeers, onEvent: (event) => events.push(event) },
  );
  const other = await goodAssociation(scp.port);
  const rssBefore = process.memoryUsage().rss;
  for (const file of files) {
    const bytes = readFileSync(join(folder, file));
    const web = await temporaryWebDoor();
    const [dimse] = await Promise.all([sendByDimse(scp.port, () => broken.intake, bytes), other.next()]);
    rows.push({ file, dimse, stow: await sendByStow(web.root, web.intake, bytes) });
    for (const path of ["/studies", "/instances", "/nothing"])
      answers.push(await (await fetch(`${web.root}${path}`)).text());
    paths.push(...broken.files(), ...web.files());
    rssGrowth = Math.max(rssGrowth, process.memoryUsage().rss - rssBefore);
    await web.close();
    await broken.close();
    broken = await temporaryIntake();
  }
  await other.release();
  goodStatuses = other.statuses;
  await scp.close(1_000);
});
afterAll(async () => {
  await good?.close();
  await broken?.close();
});

test.skipIf(!folder)("each file has its row, and each row its file", () => {
  expect(files.toSorted()).toEqual(Object.keys(table).toSorted());
  expect(files).toHaveLength(71);
});

test.skipIf(!folder)("what becomes of each file is what the table says, at both doors", () => {
  const expected = files.map((file) => {
    const { dimse, stow } = table[file as keyof typeof table];
    return { file, dimse, stow };
  });
  expect(rows).toEqual(expected);
});

test.skipIf(!folder)("another association is undisturbed, and all of its objects are there", async () => {
  expect(goodStatuses).toEqual(files.map(() => 0));
  expect([...(await good.intake.catalogue.current()).instances()]).toHaveLength(files.length);
});

test.skipIf(!folder)("no handler failed, memory stays bounded", () => {
  expect(
    events.filter((event) => event.kind === "store-failed" || event.kind === "admission-failed"),
  ).toEqual([]);
  expect(rssGrowth).toBeLessThan(rssGrowthMax);
});

test.skipIf(!folder)(
  "paths are digests and our own words; nothing of a file becomes a name, a log line or HTML",
  () => {
    const own =
      /^(store|journal)(\/(lock|lock-journal|staging|objects|\d{16}\.journal|objects\/[0-9a-f]{2}(\/[0-9a-f]{64})?))?$/;
    expect(paths.filter((path) => !own.test(path))).toEqual([]);
    const logged = JSON.stringify(events, (_key, value: unknown) =>
      value instanceof Error ? value.message : value,
    );
    expect(logged).not.toMatch(/passwd|\.\.|script|DROP/i);
    // Query answers carry the value as JSON, where it is data; no answer is HTML.
    expect(answers.filter((text) => text !== "" && !["[", "{"].includes(text[0]!))).toEqual([]);
  },
);
