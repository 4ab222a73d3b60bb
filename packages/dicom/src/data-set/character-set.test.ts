import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sharedData } from "@releve/testkit/shared-data";
import { expect, test } from "vitest";
import { textDecoding } from "./character-set.ts";
import { parseDicom } from "./parse-dicom.ts";

/** "1b" and "24" as in PS3.5: escapes and codes in hexadecimal, text in between as it is. */
function bytes(text: string): Uint8Array {
  return Buffer.from(text.replaceAll("<ESC>", "\x1b"), "latin1");
}

const decode = (terms: readonly string[], raw: Uint8Array) => textDecoding(terms).decode(raw);

test("Japanese: the example of PS3.5 H.3.1", () => {
  const raw = bytes(
    "Yamada^Tarou=<ESC>$B;3ED<ESC>(B^<ESC>$BB@O:<ESC>(B=<ESC>$B$d$^$@<ESC>(B^<ESC>$B$?$m$&<ESC>(B",
  );
  expect(decode(["", "ISO 2022 IR 87"], raw)).toBe("Yamada^Tarou=山田^太郎=やまだ^たろう");
});

test("Japanese: the example of PS3.5 H.3.2, half-width katakana first", () => {
  const raw = bytes(
    "\xd4\xcf\xc0\xde^\xc0\xdb\xb3=<ESC>$B;3ED<ESC>(J^<ESC>$BB@O:<ESC>(J=<ESC>$B$d$^$@<ESC>(J^<ESC>$B$?$m$&<ESC>(J",
  );
  expect(decode(["ISO 2022 IR 13", "ISO 2022 IR 87"], raw)).toBe("ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう");
});

test("Korean: the example of PS3.5 I.2; the designation ends at each delimiter", () => {
  const raw = bytes(
    "Hong^Gildong=<ESC>$)C\xfb\xf3^<ESC>$)C\xd1\xce\xd4\xd7=<ESC>$)C\xc8\xab^<ESC>$)C\xb1\xe6\xb5\xbf",
  );
  expect(decode(["", "ISO 2022 IR 149"], raw)).toBe("Hong^Gildong=洪^吉洞=홍^길동");
  expect(decode(["", "ISO 2022 IR 149"], bytes("<ESC>$)C\xc8\xab^\xe9"))).toBe("홍^é");
});

test("Chinese: GB 18030 of PS3.5 J.3 and GB 2312 by escape", () => {
  const raw = bytes("Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab=");
  expect(decode(["GB18030"], raw)).toBe("Wang^XiaoDong=王^小东=");
  expect(decode(["", "ISO 2022 IR 58"], bytes("<ESC>$)A\xcd\xf5"))).toBe("王");
});

test("a second byte that looks like a backslash separates nothing", () => {
  expect(decode(["GB18030"], bytes("\x95\x5c"))).toHaveLength(1);
});

test.each([
  [["ISO_IR 100"], "Buc^J\xe9r\xf4me", "Buc^Jérôme"],
  [["ISO_IR 144"], "\xbb\xee\xda", "Люк"],
  [["ISO_IR 126"], "\xc4\xe9\xef", "Διο"],
  [["ISO_IR 192"], "\xe7\x8e\x8b", "王"],
  [["ISO 2022 IR 100", "ISO 2022 IR 144"], "\xe9 <ESC>-L\xbb", "é Л"],
])("%s", (terms, raw, text) => {
  expect(decode(terms, bytes(raw))).toBe(text);
});

test("an unknown term is named, and its text read as UTF-8 or else Latin-1", () => {
  const { decode: read, unknownTerms } = textDecoding(["ISO_IR 999"]);
  expect(unknownTerms).toEqual(["ISO_IR 999"]);
  expect(read(Buffer.from("é", "utf8"))).toBe("é");
  expect(read(bytes("\xe9"))).toBe("é");
});

const folders = ["charsets", "synthetic-truth/charsets"].map((name) => [name, sharedData(name)] as const);

test.skipIf(!folders[0]![1]).each(folders)("names in %s are those of another reader", (name, folder) => {
  const expected = JSON.parse(readFileSync(join(folder!, "expected.json"), "utf8")) as Record<
    string,
    { PatientName?: string }
  >;
  let compared = 0;
  for (const [path, { PatientName: known }] of Object.entries(expected)) {
    const inFolder = path.replace(/^charsets\//, "");
    const object = readOrNothing(readFileSync(join(folder!, inFolder)));
    if (!object || known === undefined) continue;
    compared += 1;
    const read = object.attributes.strings("PatientName").join("\\");
    expect(`${inFolder} ${read.replace(/=$/, "")}`).toBe(`${inFolder} ${known.replace(/=$/, "")}`);
  }
  expect(compared).toBeGreaterThan(name === "charsets" ? 14 : 12);
});

/** Two of the files hold nothing but a name. */
function readOrNothing(raw: Uint8Array) {
  try {
    return parseDicom(raw);
  } catch {
    return undefined;
  }
}
