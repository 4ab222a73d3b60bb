/** Pixel Padding Value and Range Limit (PS3.3 C.7.5.1.1.2): stored values that mean "nothing was measured here". */
import type { Attributes } from "../data-set/attributes.ts";

/** Inclusive range of stored values. */
export type Padding = { readonly low: number; readonly high: number };

export function readPadding(attributes: Attributes): Padding | undefined {
  const value = attributes.number("PixelPaddingValue");
  if (value === undefined) return undefined;
  const limit = attributes.number("PixelPaddingRangeLimit") ?? value;
  return { low: Math.min(value, limit), high: Math.max(value, limit) };
}
