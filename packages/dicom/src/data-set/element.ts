/** How the reader keeps what it found: places in the bytes, never copies of them. */

export type Encoding = { readonly explicit: boolean; readonly littleEndian: boolean };

export const implicitLittle: Encoding = { explicit: false, littleEndian: true };
export const explicitLittle: Encoding = { explicit: true, littleEndian: true };
export const explicitBig: Encoding = { explicit: true, littleEndian: false };

export type Fragment = { readonly offset: number; readonly length: number };

export type Element = {
  readonly tag: number;
  /** As encoded, or from the dictionary where the encoding does not say; may be a dictionary choice such as "xs". */
  readonly vr: string;
  /** Where the value starts, and how many of its bytes are there. */
  readonly offset: number;
  readonly length: number;
  readonly littleEndian: boolean;
  readonly items?: readonly ElementSet[];
  readonly encapsulated?: Encapsulated;
};

export type Encapsulated = {
  readonly basicOffsets: readonly number[];
  readonly fragments: readonly Fragment[];
};

/** One data set or one item, in the order of the bytes. */
export type ElementSet = ReadonlyMap<number, Element>;

export const PIXEL_DATA = 0x7fe00010;
export const FLOAT_PIXEL_DATA = 0x7fe00008;
export const DOUBLE_FLOAT_PIXEL_DATA = 0x7fe00009;

export function isPixelTag(tag: number): boolean {
  return tag === PIXEL_DATA || tag === FLOAT_PIXEL_DATA || tag === DOUBLE_FLOAT_PIXEL_DATA;
}
