/**
 * Specific Character Set (0008,0005), PS3.3 C.12.1.1.2 and PS3.5 section 6.1: bytes to text by defined term, with the
 * ISO 2022 escapes of PS3.3 tables C.12-3 and C.12-4. What cannot be decoded becomes U+FFFD, never an exception.
 */

export type TextDecoding = {
  readonly decode: (bytes: Uint8Array) => string;
  /** Defined terms that are not known here; their text is read as UTF-8 or else Latin-1. */
  readonly unknownTerms: readonly string[];
};

type Decode = (bytes: Uint8Array) => string;

/** One escape: what it designates, to the lower (G0) or upper (G1) half. */
type Designation = { readonly half: "lower" | "upper"; readonly decode: Decode; readonly width: 1 | 2 };

const latin1: Decode = (bytes) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");

function byLabel(label: string): Decode {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  return (bytes) => (decoder ??= new TextDecoder(label)).decode(bytes);
}

/** JIS X 0201: upper half half-width katakana; in the lower half only yen and overline differ from ASCII, kept as ASCII. */
const katakana = byLabel("shift_jis");
const eucJp = byLabel("euc-jp");
const eucKr = byLabel("euc-kr");
const gb2312 = byLabel("gbk");
const utf8 = byLabel("utf-8");
const gb18030 = byLabel("gb18030");

/** 94 x 94 sets arrive with the high bit clear in the lower half; the EUC encodings have it set. */
const jisX0208: Decode = (bytes) => eucJp(bytes.map((byte) => byte | 0x80));
const jisX0212: Decode = (bytes) => {
  const euc: number[] = [];
  for (let at = 0; at + 1 < bytes.length; at += 2) euc.push(0x8f, bytes[at]! | 0x80, bytes[at + 1]! | 0x80);
  return eucJp(Uint8Array.from(euc));
};

const singleByte: Readonly<Record<string, Decode>> = {
  "6": latin1,
  "100": latin1,
  "101": byLabel("iso-8859-2"),
  "109": byLabel("iso-8859-3"),
  "110": byLabel("iso-8859-4"),
  "144": byLabel("iso-8859-5"),
  "127": byLabel("iso-8859-6"),
  "126": byLabel("iso-8859-7"),
  "138": byLabel("iso-8859-8"),
  "148": byLabel("windows-1254"),
  "203": byLabel("iso-8859-15"),
  "166": byLabel("windows-874"),
  "13": katakana,
};

/** What the upper half holds from the start where the first value is a multi-byte ISO 2022 term. */
const multiByteUpper: Readonly<Record<string, Decode>> = {
  "149": eucKr,
  "58": gb2312,
  "87": latin1,
  "159": latin1,
};

const whole: Readonly<Record<string, Decode>> = {
  "ISO_IR 192": utf8,
  GB18030: gb18030,
  GBK: gb2312,
};

const upper = (decode: Decode): Designation => ({ half: "upper", decode, width: 1 });
const lower = (decode: Decode, width: 1 | 2): Designation => ({ half: "lower", decode, width });

/** The bytes after ESC. */
const escapes: Readonly<Record<string, Designation>> = {
  "(B": lower(latin1, 1),
  "(J": lower(latin1, 1),
  "-A": upper(latin1),
  "-B": upper(singleByte["101"]!),
  "-C": upper(singleByte["109"]!),
  "-D": upper(singleByte["110"]!),
  "-L": upper(singleByte["144"]!),
  "-G": upper(singleByte["127"]!),
  "-F": upper(singleByte["126"]!),
  "-H": upper(singleByte["138"]!),
  "-M": upper(singleByte["148"]!),
  "-b": upper(singleByte["203"]!),
  "-T": upper(singleByte["166"]!),
  ")I": upper(katakana),
  $B: lower(jisX0208, 2),
  "$@": lower(jisX0208, 2),
  "$(D": lower(jisX0212, 2),
  "$)C": upper(eucKr),
  "$)A": upper(gb2312),
};

/** @param terms the values of Specific Character Set, none meaning the default repertoire. */
export function textDecoding(terms: readonly string[]): TextDecoding {
  const first = (terms[0] ?? "").trim();
  const unknownTerms = terms.map((term) => term.trim()).filter((term) => !isKnownTerm(term));
  const decodeWhole = whole[first];
  if (decodeWhole) return { decode: asciiFast(decodeWhole), unknownTerms };
  const initial = first === "" || !isKnownTerm(first) ? undefined : initialUpper(numberOf(first));
  return { decode: asciiFast((bytes) => decodeIso2022(bytes, initial ?? guess)), unknownTerms };
}

function isKnownTerm(term: string): boolean {
  return term === "" || term in whole || initialUpper(numberOf(term)) !== undefined;
}

function initialUpper(number: string): Decode | undefined {
  return singleByte[number] ?? multiByteUpper[number];
}

function numberOf(term: string): string {
  return /^(?:ISO_IR|ISO 2022 IR) (\d+)$/.exec(term)?.[1] ?? "";
}

/** Bytes above 127 where none are allowed: UTF-8 if they are that, else Latin-1. */
function guess(bytes: Uint8Array): string {
  const text = utf8(bytes);
  return text.includes("\uFFFD") ? latin1(bytes) : text;
}

function asciiFast(decode: Decode): Decode {
  return (bytes) => (bytes.every((byte) => byte < 0x80 && byte !== 0x1b) ? latin1(bytes) : decode(bytes));
}

/** Cuts the bytes at escapes; each run is decoded by what the escapes before it designated. */
function decodeIso2022(bytes: Uint8Array, initial: Decode): string {
  let text = "";
  let low: Designation = escapes["(B"]!;
  let high = initial;
  let start = 0;
  for (let at = 0; at <= bytes.length; at += 1) {
    const byte = bytes[at];
    const ends = byte === undefined || byte === 0x1b || (low.width === 1 && resets(byte));
    if (!ends) continue;
    text += decodeRun(bytes.subarray(start, at), low, high);
    start = at;
    const name = byte === 0x1b ? escapeAt(bytes, at + 1) : undefined;
    if (name) {
      const designation = escapes[name]!;
      if (designation.half === "lower") low = designation;
      else high = designation.decode;
      start = at + 1 + name.length;
      at = start - 1;
    } else if (byte !== undefined && byte !== 0x1b) {
      high = initial;
    }
  }
  return text;
}

function escapeAt(bytes: Uint8Array, offset: number): string | undefined {
  const next = latin1(bytes.subarray(offset, offset + 3));
  return [next.slice(0, 2), next].find((name) => Object.hasOwn(escapes, name));
}

function decodeRun(run: Uint8Array, low: Designation, high: Decode): string {
  if (run.length === 0) return "";
  return low.width === 2 ? low.decode(run) : high(run);
}

/** Designations end at control characters and at the delimiters of values and name parts (PS3.5 6.1.2.5.3). */
function resets(byte: number): boolean {
  return byte === 0x5c || byte === 0x5e || byte === 0x3d || (byte >= 0x09 && byte <= 0x0d);
}
