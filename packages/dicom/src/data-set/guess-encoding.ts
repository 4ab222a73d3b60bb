/** What encoding do these bytes have? Asked where no transfer syntax says it, or where the one that does is not believed. */
import { explicitBig, explicitLittle, implicitLittle, type Encoding } from "./element.ts";
import { vrAt } from "./element-header.ts";
import { knownVrs } from "./value-representations.ts";

/** A data set starts with its lowest group: 0008 nearly always, up to 0054 in odd ones. */
const highestFirstGroup = 0x0060;

/**
 * Judges by the first element: a group that is small in one byte order, then two letters that are a VR.
 * Undefined when the bytes do not look like a data set. Implicit VR Big Endian does not exist.
 */
export function guessEncoding(bytes: Uint8Array, offset: number): Encoding | undefined {
  if (offset + 8 > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, bytes.byteLength - offset);
  const explicit = knownVrs.has(vrAt(bytes, offset + 4) ?? "");
  if (isFirstGroup(view.getUint16(0, true))) {
    if (explicit) return explicitLittle;
    const length = view.getUint32(4, true);
    return length <= view.byteLength - 8 || length === 0xffffffff ? implicitLittle : undefined;
  }
  return explicit && isFirstGroup(view.getUint16(0, false)) ? explicitBig : undefined;
}

function isFirstGroup(group: number): boolean {
  return group >= 0x0001 && group <= highestFirstGroup;
}
