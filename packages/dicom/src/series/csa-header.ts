/**
 * Siemens' CSA header, format SV10, as the syngo conformance statements and open readers describe it: a list of named tags
 * with values as text. Only what unfolding a mosaic needs is read. Every length is checked against the bytes there are.
 */
const magic = "SV10\x04\x03\x02\x01";
const nameBytes = 64;
const tagBytes = 84;
const itemBytes = 16;
/** Real headers have about a hundred tags; each has at most a few dozen items. */
const maxTags = 1000;
const maxItems = 10_000;

/** The numbers of a tag; undefined when the header is of another form, broken, or has no such tag. */
export function csaNumbers(bytes: Uint8Array, tagName: string): readonly number[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 16 || latin1(bytes, 0, 8) !== magic) return undefined;
  const tags = view.getUint32(8, true);
  if (tags > maxTags) return undefined;
  let at = 16;
  for (let tag = 0; tag < tags; tag++) {
    if (at + tagBytes > bytes.byteLength) return undefined;
    const name = latin1(bytes, at, nameBytes);
    const count = view.getInt32(at + 76, true);
    if (count < 0 || count > maxItems) return undefined;
    const items = readItems(bytes, view, at + tagBytes, count);
    if (!items) return undefined;
    if (name === tagName) return items.values;
    at = items.end;
  }
  return undefined;
}

function readItems(bytes: Uint8Array, view: DataView, start: number, count: number) {
  const values: number[] = [];
  let at = start;
  for (let item = 0; item < count; item++) {
    if (at + itemBytes > bytes.byteLength) return undefined;
    const length = view.getInt32(at + 4, true);
    const end = at + itemBytes + Math.ceil(length / 4) * 4;
    if (length < 0 || end > bytes.byteLength) return undefined;
    const text = latin1(bytes, at + itemBytes, length).trim();
    if (text !== "") values.push(Number(text));
    at = end;
  }
  return { values, end: at };
}

/** Up to the first zero byte. */
function latin1(bytes: Uint8Array, offset: number, length: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + offset, length).toString("latin1");
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}
