/** Tag, VR and length of one element (PS3.5 section 7.1), read with distrust. */
import { implicitVrOf } from "./dicom-dictionary.ts";
import type { Encoding } from "./element.ts";
import { readTag, warn, type ReaderState } from "./reader-state.ts";
import { knownVrs, longFormVrs } from "./value-representations.ts";

export const UNDEFINED_LENGTH = 0xffffffff;

export type ElementHeader = {
  readonly tag: number;
  readonly vr: string;
  /** "UN" in explicit VR: the value is encoded as Implicit VR Little Endian whatever surrounds it. */
  readonly unknown: boolean;
  readonly length: number;
  readonly valueOffset: number;
};

/** The caller guarantees 8 bytes at `offset`. Undefined where a long header is cut off by the end of the bytes. */
export function readElementHeader(
  state: ReaderState,
  offset: number,
  encoding: Encoding,
): ElementHeader | undefined {
  const tag = readTag(state, offset, encoding.littleEndian);
  if (!encoding.explicit) return implicitHeader(state, offset, tag, encoding.littleEndian);
  const vr = vrAt(state.bytes, offset + 4);
  if (vr === undefined) {
    warn(state, "no value representation where one must be", tag);
    return implicitHeader(state, offset, tag, encoding.littleEndian);
  }
  if (!usesLongForm(state, offset, vr, tag)) {
    const length = state.view.getUint16(offset + 6, encoding.littleEndian);
    return { tag, vr: knownOr(vr), unknown: false, length, valueOffset: offset + 8 };
  }
  if (offset + 12 > state.bytes.length) return undefined;
  const length = state.view.getUint32(offset + 8, encoding.littleEndian);
  const resolved = vr === "UN" ? implicitVrOf(tag) : knownOr(vr);
  return { tag, vr: resolved, unknown: vr === "UN", length, valueOffset: offset + 12 };
}

function implicitHeader(
  state: ReaderState,
  offset: number,
  tag: number,
  littleEndian: boolean,
): ElementHeader {
  const length = state.view.getUint32(offset + 4, littleEndian);
  return { tag, vr: implicitVrOf(tag), unknown: false, length, valueOffset: offset + 8 };
}

/** VRs of the future are long (PS3.5 6.2); those of broken writers are mostly short: the reserved zeros tell. */
function usesLongForm(state: ReaderState, offset: number, vr: string, tag: number): boolean {
  if (knownVrs.has(vr)) return longFormVrs.has(vr);
  warn(state, "unknown value representation", tag);
  return state.view.getUint16(offset + 6) === 0;
}

function knownOr(vr: string): string {
  return knownVrs.has(vr) ? vr : "UN";
}

/** Two capital letters, or undefined. */
export function vrAt(bytes: Uint8Array, offset: number): string | undefined {
  const first = bytes[offset] ?? 0;
  const second = bytes[offset + 1] ?? 0;
  if (first < 0x41 || first > 0x5a || second < 0x41 || second > 0x5a) return undefined;
  return String.fromCharCode(first, second);
}
