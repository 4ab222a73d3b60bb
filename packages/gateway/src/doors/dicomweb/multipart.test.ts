import { expect, test } from "vitest";
import { multipartParts } from "./multipart.ts";

const limits = { maxParts: 10, maxHeaderBytes: 200 };

async function* inPieces(text: string, size: number): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(text, "latin1");
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function parse(text: string, size = 1000) {
  const found: { type: string | undefined; body: string }[] = [];
  for await (const part of multipartParts(inPieces(text, size), "BOUND", limits)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of part.body) chunks.push(chunk);
    found.push({ type: part.headers.get("content-type"), body: Buffer.concat(chunks).toString("latin1") });
  }
  return found;
}

const two =
  "preamble\r\n--BOUND\r\nContent-Type: application/dicom\r\nX: y\r\n\r\none\r\n--BOUN\r\n\r\n" +
  "--BOUND  \r\n\r\nwithout headers\r\n--BOUND--\r\nepilogue";

test.each([1, 2, 3, 7, 1000])("two parts, in pieces of %i bytes", async (size) => {
  expect(await parse(two, size)).toEqual([
    { type: "application/dicom", body: "one\r\n--BOUN\r\n" },
    { type: undefined, body: "without headers" },
  ]);
});

test("the first boundary may be the first byte, and a part may be empty", async () => {
  expect(await parse("--BOUND\r\n\r\n\r\n--BOUND--")).toEqual([{ type: undefined, body: "" }]);
  expect(await parse("--BOUND--")).toEqual([]);
});

test("a part left unread is skipped", async () => {
  const bodies: string[] = [];
  const text = `--BOUND\r\n\r\n${"x".repeat(5000)}\r\n--BOUND\r\n\r\nsecond\r\n--BOUND--`;
  for await (const part of multipartParts(inPieces(text, 64), "BOUND", limits)) {
    for await (const chunk of part.body) {
      bodies.push(Buffer.from(chunk).toString("latin1").slice(0, 1));
      break;
    }
  }
  expect(bodies).toEqual(["x", "s"]);
});

test.each([
  ["an early end", "--BOUND\r\n\r\nhalf", "TRUNCATED_MULTIPART"],
  ["nothing", "", "TRUNCATED_MULTIPART"],
  ["another boundary", "--OTHER\r\n\r\nx\r\n--OTHER--", "TRUNCATED_MULTIPART"],
  ["text behind a boundary", "--BOUNDx\r\n\r\ny\r\n--BOUND--", "BAD_MULTIPART"],
  ["endless headers", `--BOUND\r\nA: ${"b".repeat(500)}\r\n\r\n\r\n--BOUND--`, "BAD_MULTIPART"],
  ["too many parts", `--BOUND${"\r\n\r\nx\r\n--BOUND".repeat(11)}--`, "TOO_MANY_PARTS"],
])("%s is refused", async (_what, text, code) => {
  await expect(parse(text, 50)).rejects.toMatchObject({ code, retry: "never" });
});
