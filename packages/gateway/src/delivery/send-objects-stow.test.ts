import { digestOf } from "@releve/domain/ids";
import type { StoredObject } from "@releve/ledger/events/stored-object";
import { expect, test } from "vitest";
import { sendObjectsByStow, type StowSending } from "./send-objects-stow.ts";

const objectOf = (number: number, bytes: number): StoredObject => ({
  digest: digestOf(String(number)),
  bytes,
  sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
  sopInstanceUid: `1.2.${number}`,
  seriesInstanceUid: "1.2",
  transferSyntaxUid: "1.2.840.10008.1.2.1",
});
const bytesOf = async (object: StoredObject) => new TextEncoder().encode(`file ${object.sopInstanceUid}`);

/** Answers with the statuses in turn, and keeps what was sent. */
function receiver(...statuses: readonly number[]) {
  const bodies: string[] = [];
  const types: string[] = [];
  const send = async (_url: string, { body, headers }: RequestInit) => {
    bodies.push(await (body as Blob).text());
    types.push((headers as Record<string, string>)["Content-Type"]!);
    return new Response(null, { status: statuses[bodies.length - 1] ?? 200 });
  };
  return { bodies, types, send };
}

const sending = (send: NonNullable<StowSending["send"]>) => ({
  read: bytesOf,
  stored: () => {},
  responseMs: 1_000,
  send,
});

test("what was confirmed before it broke is told", async () => {
  const objects = Array.from({ length: 4 }, (_, index) => objectOf(index, 15 * 1024 * 1024));
  const confirmed: string[] = [];
  const stored = (batch: readonly StoredObject[]) =>
    void confirmed.push(...batch.map((one) => one.sopInstanceUid));
  const half = sendObjectsByStow(url, objects, { ...sending(receiver(200, 503).send), stored });
  await expect(half).rejects.toMatchObject({ code: "PACS_REFUSED" });
  expect(confirmed).toEqual(["1.2.0", "1.2.1"]);
});

const url = "http://127.0.0.1:1/dicom-web";

test("each object is a part with its bytes as they are", async () => {
  const pacs = receiver(200);
  await sendObjectsByStow(url, [objectOf(1, 10), objectOf(2, 10)], sending(pacs.send));
  const boundary = /boundary=(.+)$/.exec(pacs.types[0]!)![1]!;
  const parts = pacs.bodies[0]!.split(`--${boundary}`);
  expect(parts.map((part) => part.trim()).slice(1)).toEqual([
    "Content-Type: application/dicom\r\n\r\nfile 1.2.1",
    "Content-Type: application/dicom\r\n\r\nfile 1.2.2",
    "--",
  ]);
});

test("large deliveries go in several requests, each object once", async () => {
  const pacs = receiver();
  const objects = Array.from({ length: 5 }, (_, index) => objectOf(index, 15 * 1024 * 1024));
  const confirmed: string[] = [];
  const stored = (batch: readonly StoredObject[]) =>
    void confirmed.push(...batch.map((one) => one.sopInstanceUid));
  await sendObjectsByStow(url, objects, { ...sending(pacs.send), stored });
  expect(confirmed).toEqual(objects.map((object) => object.sopInstanceUid));
  expect(pacs.bodies.map((body) => body.match(/file/g)?.length)).toEqual([2, 2, 1]);
});

test.each([202, 409, 503])("an answer of %d is no delivery", async (status) => {
  const delivered = sendObjectsByStow(url, [objectOf(1, 10)], sending(receiver(status).send));
  await expect(delivered).rejects.toMatchObject({ code: "PACS_REFUSED", retry: "later" });
});

test("nobody there is a fault to try again", async () => {
  const nobody = () => Promise.reject(new TypeError("fetch failed"));
  const delivered = sendObjectsByStow(url, [objectOf(1, 10)], sending(nobody));
  await expect(delivered).rejects.toMatchObject({ code: "PACS_UNREACHABLE", retry: "later" });
});
