/**
 * Stored shapes are frozen: `golden/<type>.<schema>.json` is a commit as it lies in ledgers out there. When this fails, the
 * code has moved away from them. A change that is meant gets an upcaster (which raises the schema version) and a golden file
 * of the new version beside the old one, which stays. A missing file is written when RELEVE_WRITE_GOLDEN is set.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import type { Uuid } from "@releve/domain/ids";
import { expect, test } from "vitest";
import { decodeCommit, encodeCommit } from "./event-codec.ts";
import type { NewEvent } from "./envelope.ts";
import { kindOfEvent } from "./event-schemas.ts";
import type { EventType } from "./events.ts";
import { sampleEvents } from "./golden.fixture.ts";
import { schemaVersionOf } from "./upcasters.ts";

const folder = new URL("./golden/", import.meta.url);
const types = Object.keys(sampleEvents) as EventType[];

const newEvent = (type: EventType): NewEvent => ({
  eventId: "11111111-1111-4111-8111-111111111111" as Uuid,
  context: {
    atMs: 1_700_000_000_000,
    site: "site-a",
    actor: "node:a1",
    cause: "22222222-2222-4222-8222-222222222222" as Uuid,
    correlation: "33333333-3333-4333-8333-333333333333" as Uuid,
  },
  event: sampleEvents[type],
});

function encoded(type: EventType): string {
  const stream = { kind: kindOfEvent[type], id: "44444444-4444-4444-8444-444444444444" as Uuid };
  return new TextDecoder().decode(encodeCommit(stream, [newEvent(type)]));
}

const goldenFile = (type: EventType): URL => new URL(`${type}.${schemaVersionOf(type)}.json`, folder);

function goldenText(type: EventType): string {
  const file = goldenFile(type);
  // oxlint-disable-next-line node/no-process-env -- a switch of this test alone
  if (process.env["RELEVE_WRITE_GOLDEN"] && !existsSync(file))
    writeFileSync(file, `${JSON.stringify(JSON.parse(encoded(type)), null, 2)}\n`);
  return readFileSync(file, "utf8");
}

test.each(types)("%s is stored in its frozen shape", (type) => {
  expect(JSON.parse(encoded(type))).toEqual(JSON.parse(goldenText(type)));
});

test.each(types)("%s is read back whole from its frozen shape", (type) => {
  const { events, unread } = decodeCommit(new TextEncoder().encode(goldenText(type)));
  expect(unread).toBeUndefined();
  expect(events).toEqual([{ ...newEvent(type), schema: schemaVersionOf(type) }]);
});

test("every stored shape that ever was is still read", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  expect(files.length).toBeGreaterThanOrEqual(types.length);
  const unread = files.filter((name) => decodeCommit(readFileSync(new URL(name, folder))).unread);
  expect(unread).toEqual([]);
});
