/**
 * An ICC profile (ICC.1:2001-04, version 2) that says that colours are sRGB. Presentation states must carry one, of the
 * input class (PS3.3 C.11.15.1.1). Built here: profiles that are found in the world have licences and dates of their own.
 */
import { linearOf, srgbToXyzD50 } from "./srgb.ts";

const curvePoints = 1024;

export function srgbInputProfile(): Uint8Array {
  const curve = curveTag();
  const columns = [0, 1, 2].map((axis) => srgbToXyzD50.map((row) => row[axis]!));
  const tags: readonly (readonly [signature: string, content: Buffer])[] = [
    ["desc", descriptionTag("sRGB")],
    ["cprt", textTag("No copyright, use freely")],
    ["wtpt", xyzTag([0.9642, 1, 0.8249])],
    ["rXYZ", xyzTag(columns[0]!)],
    ["gXYZ", xyzTag(columns[1]!)],
    ["bXYZ", xyzTag(columns[2]!)],
    ["rTRC", curve],
    ["gTRC", curve],
    ["bTRC", curve],
  ];
  const first = 128 + 4 + 12 * tags.length;
  const table = Buffer.alloc(4 + 12 * tags.length);
  table.writeUInt32BE(tags.length, 0);
  const contents = [...new Set(tags.map(([, content]) => content))];
  const offsetOf = (content: Buffer) =>
    contents.slice(0, contents.indexOf(content)).reduce((sum, { length }) => sum + length, first);
  for (const [index, [signature, content]] of tags.entries()) {
    table.write(signature, 4 + 12 * index, "latin1");
    table.writeUInt32BE(offsetOf(content), 8 + 12 * index);
    table.writeUInt32BE(content.length, 12 + 12 * index);
  }
  const size = contents.reduce((sum, { length }) => sum + length, first);
  return Uint8Array.from(Buffer.concat([header(size), table, ...contents]));
}

function header(size: number): Buffer {
  const bytes = Buffer.alloc(128);
  bytes.writeUInt32BE(size, 0);
  bytes.writeUInt32BE(0x02400000, 8);
  bytes.write("scnrRGB XYZ ", 12, "latin1");
  // The date of the profile, fixed: the same result has the same bytes.
  for (const [index, part] of [2026, 1, 1].entries()) bytes.writeUInt16BE(part, 24 + 2 * index);
  bytes.write("acsp", 36, "latin1");
  xyzNumbers([0.9642, 1, 0.8249]).copy(bytes, 68);
  return bytes;
}

/** Type signature, four reserved bytes, content; the next tag starts at a multiple of four. */
function tag(type: string, content: Buffer): Buffer {
  const whole = Buffer.concat([Buffer.from(type, "latin1"), Buffer.alloc(4), content]);
  return Buffer.concat([whole, Buffer.alloc((4 - (whole.length % 4)) % 4)]);
}

const textTag = (text: string) => tag("text", Buffer.from(`${text}\0`, "latin1"));
const xyzTag = (xyz: readonly number[]) => tag("XYZ ", xyzNumbers(xyz));

/** The text in ASCII; none in Unicode and none in ScriptCode, which has 67 bytes all the same. */
function descriptionTag(text: string): Buffer {
  const ascii = Buffer.from(`${text}\0`, "latin1");
  const count = Buffer.alloc(4);
  count.writeUInt32BE(ascii.length);
  return tag("desc", Buffer.concat([count, ascii, Buffer.alloc(4 + 4 + 2 + 1 + 67)]));
}

/** s15Fixed16. */
function xyzNumbers(xyz: readonly number[]): Buffer {
  const bytes = Buffer.alloc(12);
  for (const [index, value] of xyz.entries()) bytes.writeInt32BE(Math.round(value * 65_536), 4 * index);
  return bytes;
}

function curveTag(): Buffer {
  const points = Buffer.alloc(4 + 2 * curvePoints);
  points.writeUInt32BE(curvePoints, 0);
  for (let index = 0; index < curvePoints; index++)
    points.writeUInt16BE(Math.round(65_535 * linearOf(index / (curvePoints - 1))), 4 + 2 * index);
  return tag("curv", points);
}
