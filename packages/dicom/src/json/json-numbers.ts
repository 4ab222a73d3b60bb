/**
 * Numbers of the DICOM JSON model (PS3.18 F.2.3). What a JSON number would change, or cannot be, stays text: long
 * decimals, 64-bit integers beyond 2^53, NaN and infinities, and what is no number at all.
 */
import { parseDecimal, textValues, valueBytes, type ValueContext } from "../data-set/element-values.ts";
import type { Element } from "../data-set/element.ts";

/** @param element of a VR whose values are numbers, its VR final. */
export function jsonNumbers(context: ValueContext, element: Element): readonly (number | string | null)[] {
  if (element.vr === "SV" || element.vr === "UV") return wideIntegers(context, element);
  if (element.vr === "FL" || element.vr === "FD") return floats(context, element);
  return textValues(context, element).map(jsonNumber);
}

function jsonNumber(text: string): number | string | null {
  if (text === "") return null;
  const value = parseDecimal(text);
  return !Number.isNaN(value) && significand(text) === significand(String(value)) ? value : text;
}

/** The digits that count and the power of ten, so that "1.50e1" and "15" are equal. */
function significand(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const kept = digits.replace(/0+$/, "");
  if (kept === "") return "0";
  const power = Number(exponent) - fraction.length + digits.length - kept.length;
  return `${sign === "-" ? "-" : ""}${kept}e${power}`;
}

function wideIntegers(context: ValueContext, element: Element): readonly (number | string)[] {
  const view = viewOf(context, element);
  return Array.from({ length: Math.floor(element.length / 8) }, (_, index) => {
    const at = index * 8;
    const value =
      element.vr === "SV"
        ? view.getBigInt64(at, element.littleEndian)
        : view.getBigUint64(at, element.littleEndian);
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  });
}

function floats(context: ValueContext, element: Element): readonly (number | string)[] {
  const view = viewOf(context, element);
  const width = element.vr === "FL" ? 4 : 8;
  return Array.from({ length: Math.floor(element.length / width) }, (_, index) => {
    const at = index * width;
    const value =
      width === 4 ? view.getFloat32(at, element.littleEndian) : view.getFloat64(at, element.littleEndian);
    return Number.isFinite(value) ? value : String(value).replace("Infinity", "inf");
  });
}

function viewOf(context: ValueContext, element: Element): DataView {
  const bytes = valueBytes(context, element);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
