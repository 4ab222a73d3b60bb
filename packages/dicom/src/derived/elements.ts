/** A data set under construction: elements by keyword, values as they will be written. */
import { entryOfKeyword } from "../data-set/dicom-dictionary.ts";

export type Element =
  | { readonly vr: string; readonly values: readonly (string | number)[] }
  | { readonly vr: "SQ"; readonly items: readonly Elements[] }
  | { readonly vr: "OW"; readonly words: Uint16Array | Int16Array }
  | { readonly vr: "OB"; readonly words: Uint8Array }
  | { readonly vr: "OF"; readonly words: Float32Array };

export type Elements = ReadonlyMap<string, Element>;

export type Value = string | number;

/** Elements from plain values; the VR is the dictionary's. `undefined` leaves an element out, `[]` writes it empty. */
export function elementsOf(
  values: Readonly<Record<string, Value | readonly Value[] | readonly Elements[] | undefined>>,
): Map<string, Element> {
  const elements = new Map<string, Element>();
  for (const [keyword, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const { vr } = entryOfKeyword(keyword);
    const list = Array.isArray(value) ? value : [value];
    elements.set(keyword, vr === "SQ" ? { vr, items: list as Elements[] } : { vr, values: list as Value[] });
  }
  return elements;
}

/** One data set out of several; a later one's element replaces an earlier one's. */
export function merged(parts: readonly Elements[]): Map<string, Element> {
  return new Map(parts.flatMap((part) => [...part]));
}
