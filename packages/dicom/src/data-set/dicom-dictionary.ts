/**
 * The data dictionary of PS3.6 by keyword and by tag, taken from dcmjs. Retired attributes carry their plain keyword.
 * A tag is one number: group * 65536 + element.
 */
// @ts-ignore dcmjs ships no types
import { data } from "dcmjs";

/** `vr` is a VR, or one of the dictionary's choices: ox (OB or OW), xs (US or SS), lt (US or OW). */
export type DictionaryEntry = { readonly tag: number; readonly keyword: string; readonly vr: string };

type DcmjsEntry = { readonly tag: string; readonly vr: string; readonly name: string };

const byKeyword = new Map<string, DictionaryEntry>();
const byTag = new Map<number, DictionaryEntry>();

for (const { tag, vr, name } of Object.values(
  data.DicomMetaDictionary.nameMap as Record<string, DcmjsEntry>,
)) {
  const number = Number.parseInt(tag.slice(1, 5) + tag.slice(6, 10), 16);
  const entry = { tag: number, keyword: name.replace(/^RETIRED_/, ""), vr: vr === "up" ? "UL" : vr };
  if (!byKeyword.has(entry.keyword) || !name.startsWith("RETIRED_")) byKeyword.set(entry.keyword, entry);
  byTag.set(number, entry);
}

/** @throws TypeError for a keyword that PS3.6 does not have: a slip of the pen, found by the first test. */
export function entryOfKeyword(keyword: string): DictionaryEntry {
  const entry = byKeyword.get(keyword);
  if (!entry) throw new TypeError(`${keyword} is no DICOM keyword`);
  return entry;
}

/** Undefined for private and unknown tags. Overlays and curves (60xx, 50xx) are found in any of their groups. */
export function entryOfTag(tag: number): DictionaryEntry | undefined {
  const group = tag >>> 16;
  if (group % 2 === 1) return undefined;
  const entry = byTag.get(tag);
  if (entry) return entry;
  const repeats = (group & 0xff00) === 0x6000 || (group & 0xff00) === 0x5000;
  return repeats ? byTag.get((((group & 0xff00) << 16) | (tag & 0xffff)) >>> 0) : undefined;
}

/**
 * The VR that an element has when its encoding does not say: implicit VR, or UN in explicit VR (PS3.5 annex A and 6.2.2).
 * "UN" for what nobody knows.
 */
export function implicitVrOf(tag: number): string {
  const element = tag & 0xffff;
  if (element === 0) return "UL";
  if ((tag >>> 16) % 2 === 1) return element >= 0x10 && element <= 0xff ? "LO" : "UN";
  return entryOfTag(tag)?.vr ?? "UN";
}

export function tagText(tag: number): string {
  const hex = tag.toString(16).toUpperCase().padStart(8, "0");
  return `(${hex.slice(0, 4)},${hex.slice(4)})`;
}
