/** Attributes over the elements that the reader found. Values are decoded at each call; nothing is kept. */
import type { Attributes } from "./attributes.ts";
import { textDecoding, type TextDecoding } from "./character-set.ts";
import { entryOfKeyword } from "./dicom-dictionary.ts";
import { numberValues, textValues, valueBytes, type ValueContext } from "./element-values.ts";
import type { Element, ElementSet } from "./element.ts";
import { privateVr } from "./private-dictionary.ts";

const SPECIFIC_CHARACTER_SET = 0x00080005;
const PIXEL_REPRESENTATION = 0x00280103;

/** The package's own view below `Attributes`: elements by tag, for JSON, digests and writing. */
export class DataSetAttributes implements Attributes {
  readonly elements: ElementSet;
  readonly context: ValueContext;
  readonly #decoding: TextDecoding;

  constructor(bytes: Uint8Array, elements: ElementSet, parent?: DataSetAttributes) {
    this.elements = elements;
    const plain: ValueContext = { bytes, decode: () => "", signedPixels: false };
    const terms = elements.get(SPECIFIC_CHARACTER_SET);
    this.#decoding = parent && !terms ? parent.#decoding : decodingOf(terms ? textValues(plain, terms) : []);
    const representation = elements.get(PIXEL_REPRESENTATION);
    const signedPixels = representation
      ? numberValues(plain, representation)[0] === 1
      : (parent?.context.signedPixels ?? false);
    this.context = { bytes, decode: this.#decoding.decode, signedPixels };
  }

  get unknownCharacterSets(): readonly string[] {
    return this.#decoding.unknownTerms;
  }

  has(keyword: string): boolean {
    return this.elements.has(entryOfKeyword(keyword).tag);
  }

  string(keyword: string): string | undefined {
    return this.strings(keyword)[0] || undefined;
  }

  strings(keyword: string): readonly string[] {
    const element = this.#element(keyword);
    return element ? textValues(this.context, element) : [];
  }

  number(keyword: string): number | undefined {
    const value = this.numbers(keyword)[0];
    return value === undefined || Number.isNaN(value) ? undefined : value;
  }

  numbers(keyword: string): readonly number[] {
    const element = this.#element(keyword);
    return element ? numberValues(this.context, element) : [];
  }

  bytes(keyword: string): Uint8Array | undefined {
    const element = this.#element(keyword);
    return element && valueBytes(this.context, element);
  }

  items(keyword: string): readonly DataSetAttributes[] {
    const element = this.#element(keyword);
    return element ? this.itemsOf(element) : [];
  }

  itemsOf(element: Element): readonly DataSetAttributes[] {
    return (element.items ?? []).map((item) => new DataSetAttributes(this.context.bytes, item, this));
  }

  privateNumbers(group: number, creator: string, element: number): readonly number[] {
    const found = this.#privateElement(group, creator, element);
    return found ? numberValues(this.context, found) : [];
  }

  privateStrings(group: number, creator: string, element: number): readonly string[] {
    const found = this.#privateElement(group, creator, element);
    return found ? textValues(this.context, found) : [];
  }

  privateBytes(group: number, creator: string, element: number): Uint8Array | undefined {
    const found = this.#privateElement(group, creator, element);
    return found && valueBytes(this.context, found);
  }

  /** The VR that the dictionary knows wins over UN only: what explicit VR says is what was written. */
  #element(keyword: string): Element | undefined {
    return this.elements.get(entryOfKeyword(keyword).tag);
  }

  /** A creator may have reserved several blocks; the first that holds the element counts. */
  #privateElement(group: number, creator: string, element: number): Element | undefined {
    for (let block = 0x10; block <= 0xff; block += 1) {
      const reservation = this.elements.get(group * 0x10000 + block);
      if (!reservation || textValues(this.context, reservation)[0] !== creator) continue;
      const found = this.elements.get(group * 0x10000 + block * 0x100 + element);
      if (found) return found.vr === "UN" ? { ...found, vr: privateVr(creator, element) ?? "UN" } : found;
    }
    return undefined;
  }
}

/** One decoding for each combination of terms, because an Enhanced object has thousands of items. */
const decodings = new Map<string, TextDecoding>();
const decodingLimit = 256;

function decodingOf(terms: readonly string[]): TextDecoding {
  const key = terms.join("\\");
  const known = decodings.get(key);
  if (known) return known;
  const made = textDecoding(terms);
  if (decodings.size < decodingLimit) decodings.set(key, made);
  return made;
}

/** The elements behind what parseDicom gave. @throws TypeError for attributes that come from elsewhere. */
export function dataSetOf(attributes: Attributes): DataSetAttributes {
  if (attributes instanceof DataSetAttributes) return attributes;
  throw new TypeError("these attributes were not read by parseDicom");
}
