/** Pixel Padding Value and Range Limit (PS3.3 C.7.5.1.1.2): stored values that mean "nothing was measured here". */
import type { Attributes } from "../data-set/attributes.ts";

/** Inclusive range of stored values. */
export type Padding = { readonly low: number; readonly high: number };

export function readPadding(attributes: Attributes): Padding | undefined {
  const value = ofPixelType(attributes, "PixelPaddingValue") ?? attributes.number("FloatPixelPaddingValue");
  if (value === undefined) return undefined;
  const limit =
    ofPixelType(attributes, "PixelPaddingRangeLimit") ??
    attributes.number("FloatPixelPaddingRangeLimit") ??
    value;
  return { low: Math.min(value, limit), high: Math.max(value, limit) };
}

/** Many write -2000 as US 63536 though the pixels are signed: the same 16 bits. */
function ofPixelType(attributes: Attributes, keyword: string): number | undefined {
  const value = attributes.number(keyword);
  const signed = attributes.number("PixelRepresentation") === 1;
  return value !== undefined && signed && value > 0x7fff && value <= 0xffff ? value - 0x10000 : value;
}
